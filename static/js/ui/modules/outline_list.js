// The lines of an outline, and the list as the server has it after each request: what is being typed stays in its boxes.
import { Autosave, wordsOf } from "./autosave.js";
import { freshKey } from "./idempotency_key.js";

export const root = document.querySelector("[data-assembly-outline]");
export const list = root?.querySelector("ol");
export const bar = document.querySelector("[data-assembly-bar]");
export const blank = document.querySelector("[data-assembly-line-template]");
export const statusLine = bar?.querySelector("[data-assembly-outline-status]");
export const lines = new WeakMap(); // li -> Line
export const undone = []; // what « Annuler » does, the latest last
const LOST = "La connexion est coupée. Réessayez dans un instant.";
const REFUSED = "Cette action n’a pas abouti : la liste a changé entre-temps. La voici à jour.";

// One request after the other: each starts from the list that the one before left.
let turn = Promise.resolve();
function inTurn(work) {
  const done = turn.then(work);
  turn = done.catch(() => {});
  return done;
}

export class Line extends Autosave {
  constructor(row) {
    super(row.querySelector("form"));
    lines.set(row, this);
    this.title.setAttribute("aria-describedby", "outline-help");
    this.row.querySelector("[data-assembly-handle]").hidden = false;
    this.form.querySelector("[data-assembly-plain]").hidden = true;
    this.form.addEventListener("assembly:saved", ({ detail }) => this.landed(detail));
    grow(this.title);
  }

  get row() { return this.form.closest("li"); }
  get title() { return this.form.elements.title; }
  get key() { return this.row.dataset.key ?? ""; }
  get words() { return wordsOf(this.form); }
  get boxes() { return [...this.form.querySelectorAll("input:not([type=hidden]), textarea, select")]; }
  get values() { return this.boxes.map((box) => box.value); }
  /** Something was typed since the focus came: `former` is what the boxes held then. */
  get isTouched() { return Boolean(this.former?.values.some((value, index) => value !== this.boxes[index].value)); }
  get isEmpty() { return !this.title.value.trim(); }
  get isDirty() { return !(this.isEmpty && !this.key) && super.isDirty; }

  send(options = {}) {
    if (options.leaving) return this.key || !this.flight ? super.send(options) : Promise.resolve();
    return inTurn(() => {
      this.place();
      return super.send(options);
    });
  }

  // Where a line that the server does not have yet goes.
  place() {
    if (this.key) return;
    this.form.elements.after.value = keyAbove(this.row.previousElementSibling);
    this.form.elements.depth.value = this.row.dataset.depth;
  }

  landed({ made, outline }) {
    if (!this.key) {
      this.row.dataset.key = made;
      remember(root.dataset.added, () => press(String(made), "remove"));
    }
    show(outline);
  }

  // What the server says of this line; words being typed stay, with the version that they were typed over.
  take(fresh) {
    const { isDirty, panel } = this;
    const theirs = fresh.querySelector("form");
    this.row.id = fresh.id;
    this.row.className = fresh.className;
    for (const name of ["key", "depth", "closing"]) {
      if (name in fresh.dataset) this.row.dataset[name] = fresh.dataset[name];
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
      const place = this.boxes.indexOf(mine);
      if (this.former?.values[place] === mine.value) this.former.values[place] = box.value;
      mine.value = box.value;
    }
    if (!isDirty && !panel) {
      this.form.elements.version.value = theirs.elements.version.value;
      this.saved = this.words;
    }
    for (const part of fresh.querySelectorAll("[data-assembly-part]")) replacePart(this.row, part);
    grow(this.title);
  }

  /** Write former words again. */
  put(values) {
    this.boxes.forEach((box, index) => { box.value = values[index]; });
    return this.now();
  }

  drop() {
    clearTimeout(this.timer);
    if (this.isDirty || this.isEmpty) this.state.replaceChildren();
    this.leaves = true;
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
export const orderNow = () => [...list.children].filter((row) => row.dataset.key).map((row) => `${row.dataset.key}:${row.dataset.depth}`).join(",");

// --- The list as the server has it ---

function replacePart(place, fresh) {
  const old = place.querySelector(`[data-assembly-part="${fresh.dataset.assemblyPart}"]`);
  if (!old || old.outerHTML === fresh.outerHTML) return;
  if (old.contains(document.activeElement)) lineOf(old)?.title.focus();
  old.replaceWith(fresh);
}

function show(html) {
  if (!html) return;
  const page = new DOMParser().parseFromString(html, "text/html").querySelector("[data-assembly-outline]");
  const focused = document.activeElement;
  const caret = "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  const fresh = [...page.querySelectorAll("ol > [data-key]")];
  const keys = new Set(fresh.map((row) => row.dataset.key));
  for (const row of [...list.children]) {
    const line = lines.get(row);
    if (row.dataset.key && !keys.has(row.dataset.key) && !line.isDirty && !line.panel) line.drop();
  }
  let before = null; // the line that must stand above
  for (const made of fresh) {
    let row = rowOf(made.dataset.key);
    if (row) lines.get(row).take(made);
    else row = made;
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

/** Press a button of the server; gives the keys of the lines that it made, null when it was refused. `values` is called
    when its turn comes: the lines above may have got their keys meanwhile. */
export function post(address, values = () => ({})) {
  return inTurn(async () => {
    const token = root.querySelector("[name=csrfmiddlewaretoken]") ?? blank.content.querySelector("[name=csrfmiddlewaretoken]");
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams({ ...values(), csrfmiddlewaretoken: token.value }),
      headers: { Accept: "application/json", "Idempotency-Key": freshKey() },
    }).catch(() => null);
    if (!answer) return refuse(LOST);
    const found = await read(answer);
    if (answer.ok && found) {
      show(found.outline);
      if (found.message) say(found.message);
      return (new URL(answer.url).searchParams.get("made") ?? "").split(",").filter(Boolean);
    }
    if (found?.sentence) return refuse(found.sentence);
    const page = await fetch(location.pathname, { headers: { Accept: "application/json" } }).catch(() => null);
    const now = page && (await read(page));
    if (now) show(now.outline);
    else location.reload(); // the sign-in expired, or the right
    return refuse(REFUSED);
  });
}

async function read(answer) {
  return answer.headers.get("Content-Type")?.startsWith("application/json") ? answer.json() : null;
}

function refuse(sentence) {
  say(sentence);
  return null;
}

// --- What is said, what may be undone ---

export function say(words, { undo = false } = {}) {
  statusLine.textContent = words;
  bar.querySelector("[data-assembly-undo]").hidden = !undo;
}

export function remember(words, run) {
  undone.push(run);
  say(words, { undo: true });
}

/** The button of a line: « up », « remove »… Undefined when it has no such button, null when the server refused. */
export function press(key, name) {
  const button = rowOf(key)?.querySelector(`[data-assembly-act="${name}"]`);
  return button && post(button.formAction, () => (button.name ? { [button.name]: button.value } : {}));
}

export function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
