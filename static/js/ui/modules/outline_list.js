// The lines of an outline, and the list of the server after each request: unsaved input stays in its fields.
import { Autosave, contentOf } from "./autosave.js";
import { freshKey } from "./idempotency_key.js";

export const root = document.querySelector("[data-assembly-outline]");
export const list = root?.querySelector("ol");
export const bar = document.querySelector("[data-assembly-bar]");
export const lineTemplate = document.querySelector("[data-assembly-line-template]");
export const statusLine = bar?.querySelector("[data-assembly-outline-status]");
export const lines = new WeakMap(); // li -> Line
export const undoStack = []; // the functions of « Annuler », the latest last
const OFFLINE = "La connexion est coupée. Réessayez dans un instant.";
const REFUSED = "Cette action n’a pas abouti : la liste a changé entre-temps. La voici à jour.";

// Requests are sent one after the other, so that each starts from the result of the previous one.
let queue = Promise.resolve();
function enqueue(task) {
  const result = queue.then(task);
  queue = result.catch(() => {});
  return result;
}

export class Line extends Autosave {
  constructor(row) {
    super(row.querySelector("form"));
    lines.set(row, this);
    this.title.setAttribute("aria-describedby", "outline-help");
    this.row.querySelector("[data-assembly-handle]").hidden = false;
    this.form.querySelector("[data-assembly-plain]").hidden = true;
    this.form.addEventListener("assembly:saved", ({ detail }) => this.afterSave(detail));
    resize(this.title);
  }

  get row() { return this.form.closest("li"); }
  get title() { return this.form.elements.title; }
  get key() { return this.row.dataset.key ?? ""; }
  get content() { return contentOf(this.form); }
  get boxes() { return [...this.form.querySelectorAll("input:not([type=hidden]), textarea, select")]; }
  get values() { return this.boxes.map((box) => box.value); }
  /** Whether the fields changed since the line got the focus; `initial` has their values then. */
  get isChanged() { return Boolean(this.initial?.values.some((value, index) => value !== this.boxes[index].value)); }
  get isEmpty() { return !this.title.value.trim(); }
  get isDirty() { return !(this.isEmpty && !this.key) && super.isDirty; }

  send(options = {}) {
    if (options.leaving) return this.key || !this.pending ? super.send(options) : Promise.resolve();
    return enqueue(() => {
      this.setPosition();
      return super.send(options);
    });
  }

  // Set the position of a line that the server does not have yet.
  setPosition() {
    if (this.key) return;
    this.form.elements.after.value = keyAbove(this.row.previousElementSibling);
    this.form.elements.depth.value = this.row.dataset.depth;
  }

  afterSave({ made: newKey, outline }) {
    if (!this.key) {
      this.row.dataset.key = newKey;
      pushUndo(root.dataset.added, () => pressButton(String(newKey), "remove"));
    }
    showOutline(outline);
  }

  // Update the line from the server; unsaved input stays, with the version that it is based on.
  merge(freshRow) {
    const { isDirty, panel } = this;
    const theirs = freshRow.querySelector("form");
    this.row.id = freshRow.id;
    this.row.className = freshRow.className;
    for (const name of ["key", "depth", "closing"]) {
      if (name in freshRow.dataset) this.row.dataset[name] = freshRow.dataset[name];
      else delete this.row.dataset[name];
    }
    this.form.id = theirs.id;
    this.form.action = theirs.action;
    for (const name of ["after", "depth"]) this.form.elements[name]?.remove();
    for (const mine of this.boxes) {
      const box = theirs.elements[mine.name];
      mine.id = box.id;
      mine.disabled = box.disabled;
      if (isDirty || panel || mine.value === box.value) continue;
      const index = this.boxes.indexOf(mine);
      if (this.initial?.values[index] === mine.value) this.initial.values[index] = box.value;
      mine.value = box.value;
    }
    if (!isDirty && !panel) {
      this.form.elements.version.value = theirs.elements.version.value;
      this.saved = this.content;
    }
    for (const part of freshRow.querySelectorAll("[data-assembly-part]")) replacePart(this.row, part);
    resize(this.title);
  }

  /** Restore former values and save. */
  restoreValues(values) {
    this.boxes.forEach((box, index) => { box.value = values[index]; });
    return this.save();
  }

  remove() {
    clearTimeout(this.timer);
    if (this.isDirty || this.isEmpty) this.state.replaceChildren();
    this.isLeaving = true;
    this.row.remove();
  }
}

/** The key of this line or, if the server does not have it yet, of the nearest one above. */
export function keyAbove(row) {
  while (row && !row.dataset.key) row = row.previousElementSibling;
  return row?.dataset.key ?? "";
}

export const lineOf = (node) => lines.get(node?.closest?.("li"));
export const rowOf = (key) => list.querySelector(`:scope > [data-key="${key}"]`);
export const currentOrder = () => [...list.children].filter((row) => row.dataset.key).map((row) => `${row.dataset.key}:${row.dataset.depth}`).join(",");

// --- The list as the server has it ---

function replacePart(parent, freshPart) {
  const old = parent.querySelector(`[data-assembly-part="${freshPart.dataset.assemblyPart}"]`);
  if (!old || old.outerHTML === freshPart.outerHTML) return;
  if (old.contains(document.activeElement)) lineOf(old)?.title.focus();
  old.replaceWith(freshPart);
}

function showOutline(html) {
  if (!html) return;
  const page = new DOMParser().parseFromString(html, "text/html").querySelector("[data-assembly-outline]");
  const focused = document.activeElement;
  const caret = "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  const freshRows = [...page.querySelectorAll("ol > [data-key]")];
  const keys = new Set(freshRows.map((row) => row.dataset.key));
  for (const row of [...list.children]) {
    const line = lines.get(row);
    if (row.dataset.key && !keys.has(row.dataset.key) && !line.isDirty && !line.panel) line.remove();
  }
  let before = null; // the line that must stand above
  for (const freshRow of freshRows) {
    let row = rowOf(freshRow.dataset.key);
    if (row) lines.get(row).merge(freshRow);
    else row = freshRow;
    let follower = before ? before.nextElementSibling : list.firstElementChild;
    while (follower && !keys.has(follower.dataset.key)) follower = follower.nextElementSibling;
    if (follower !== row) {
      if (before) before.after(row);
      else list.prepend(row);
    }
    if (!lines.has(row)) new Line(row);
    before = row;
  }
  for (const part of page.querySelectorAll(":scope > [data-assembly-part]")) replacePart(root, part);
  if (focused !== document.activeElement && focused.isConnected) {
    focused.focus();
    if (caret) focused.setSelectionRange(...caret);
  }
}

/** Send the request of a button; return the keys of the new lines, or null when it was refused. `values` is called when the
    request is sent: the lines above may have got their keys meanwhile. */
export function post(address, values = () => ({})) {
  return enqueue(async () => {
    const token = root.querySelector("[name=csrfmiddlewaretoken]") ?? lineTemplate.content.querySelector("[name=csrfmiddlewaretoken]");
    const response = await fetch(address, {
      method: "POST",
      body: new URLSearchParams({ ...values(), csrfmiddlewaretoken: token.value }),
      headers: { Accept: "application/json", "Idempotency-Key": freshKey() },
    }).catch(() => null);
    if (!response) return showRefusal(OFFLINE);
    const result = await readJson(response);
    if (response.ok && result) {
      showOutline(result.outline);
      if (result.message) showMessage(result.message);
      return (new URL(response.url).searchParams.get("made") ?? "").split(",").filter(Boolean);
    }
    if (result?.sentence) return showRefusal(result.sentence);
    const page = await fetch(location.pathname, { headers: { Accept: "application/json" } }).catch(() => null);
    const now = page && (await readJson(page));
    if (now) showOutline(now.outline);
    else location.reload(); // the sign-in expired, or the right
    return showRefusal(REFUSED);
  });
}

async function readJson(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json") ? response.json() : null;
}

function showRefusal(sentence) {
  showMessage(sentence);
  return null;
}

// --- Messages and undo ---

export function showMessage(message, { hasUndo = false } = {}) {
  statusLine.textContent = message;
  bar.querySelector("[data-assembly-undo]").hidden = !hasUndo;
}

export function pushUndo(message, undo) {
  undoStack.push(undo);
  showMessage(message, { hasUndo: true });
}

/** Press a button of a line (« up », « remove »…). Return undefined if there is none, null if the server refused. */
export function pressButton(key, name) {
  const button = rowOf(key)?.querySelector(`[data-assembly-act="${name}"]`);
  return button && post(button.formAction, () => (button.name ? { [button.name]: button.value } : {}));
}

export function resize(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
