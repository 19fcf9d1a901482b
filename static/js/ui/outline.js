// A list written line by line, an agenda or a plan (assembly/web/outline.py). Each line is a form that saves while the user
// types; keys, menu and drag press the buttons of that form, which do the same without script.
import { enableDrag } from "./modules/outline_drag.js";
import {
  Line, bar, currentOrder, keyAbove, lineOf, lineTemplate, lines, list, post, pressButton, pushUndo, resize, root, rowOf,
  showMessage, statusLine, undoStack,
} from "./modules/outline_list.js";

const SENTENCES = {
  noChange: "Rien n’a bougé : ce n’est pas possible ici.",
  hasParts: "Ce point a des sous-points : retirez-le par son menu.",
  tabLeaves: "Tabulation quitte maintenant la liste.",
  isUndone: "C’est annulé.",
  unavailable: "Ce n’est plus possible : la liste a changé entre-temps.",
};

// --- Commands ---

async function runCommand(line, name) {
  if (!line.key) {
    if (name === "remove") return discardLine(line);
    if (line.isEmpty || (name === "in" || name === "out") && !line.pending) return setLevel(line, name);
  }
  if (line.isEmpty) line.saved = line.content; // removing an emptied line discards its text
  else await line.save(); // unsaved input is saved first
  const before = currentOrder();
  const restoreUrl = line.row.querySelector("[data-assembly-back]")?.dataset.assemblyBack;
  const neighbour = line.row.previousElementSibling ?? line.row.nextElementSibling;
  const keys = await pressButton(line.key, name);
  if (!keys) return keys === null ? undefined : showMessage(SENTENCES.noChange);
  if (name === "remove") {
    pushUndo(statusLine.textContent, () => post(restoreUrl));
    focusLine(lines.get(neighbour));
  } else if (name === "duplicate") {
    pushUndo(statusLine.textContent, () => removeLines(keys));
    focusLine(lines.get(rowOf(keys[0])), { all: true });
  } else if (["up", "down", "in", "out"].includes(name)) {
    if (before === currentOrder()) showMessage(SENTENCES.noChange);
    else pushMoveUndo(before);
    focusLine(line);
  }
}

const pushMoveUndo = (before) => pushUndo(root.dataset.moved, () => post(root.dataset.assemblyOutline, () => ({ order: before })));

async function removeLines(keys) {
  let result = [];
  for (const key of keys) result = rowOf(key) ? await pressButton(key, "remove") : result;
  return result;
}

/** Set the level of a line that the server does not have yet. */
function setLevel(line, name) {
  const above = line.row.previousElementSibling;
  if (!["in", "out"].includes(name) || !root.dataset.levels || (name === "in" && !above)) return showMessage(SENTENCES.noChange);
  line.row.dataset.depth = name === "in" ? "1" : "0";
  line.row.classList.toggle("sub", name === "in");
}

function addLast() {
  let last = list.lastElementChild;
  while (last?.matches("[data-closing], [data-closing] ~ .sub")) last = last.previousElementSibling;
  addBelow(last);
}

function addBelow(row) {
  const newRow = lineTemplate.content.firstElementChild.cloneNode(true);
  const number = ++addBelow.count;
  for (const node of newRow.querySelectorAll("[id], [for]"))
    for (const name of ["id", "for"]) if (node.hasAttribute(name)) node.setAttribute(name, `${node.getAttribute(name)}-${number}`);
  newRow.querySelector("[name=csrfmiddlewaretoken]").value = root.querySelector("[name=csrfmiddlewaretoken]")?.value
    ?? newRow.querySelector("[name=csrfmiddlewaretoken]").value;
  const below = row?.nextElementSibling;
  const depth = below?.dataset.depth === "1" ? "1" : row?.dataset.depth ?? "0";
  newRow.dataset.depth = depth;
  newRow.classList.toggle("sub", depth === "1");
  if (row) row.after(newRow);
  else list.prepend(newRow);
  focusLine(new Line(newRow));
}
addBelow.count = 0;

function discardLine(line) {
  const neighbour = line.row.previousElementSibling ?? line.row.nextElementSibling;
  line.remove();
  focusLine(lines.get(neighbour));
}

async function paste(line, text) {
  const isBlank = !line.key && line.isEmpty;
  if (!isBlank) await line.save();
  const { depth } = line.row.dataset;
  const keys = await post(root.dataset.paste, () => ({ text, depth, after: keyAbove(isBlank ? line.row.previousElementSibling : line.row) }));
  if (keys === null) return;
  if (isBlank) line.remove();
  pushUndo(statusLine.textContent, () => removeLines(keys));
  focusLine(lines.get(rowOf(keys.at(-1))));
}

async function undo() {
  const index = [...list.children].findIndex((row) => row.contains(document.activeElement));
  const result = await undoStack.pop()();
  showMessage(result === null ? SENTENCES.unavailable : SENTENCES.isUndone, { hasUndo: undoStack.length > 0 });
  if (document.activeElement === document.body || document.activeElement.hidden)
    focusLine(lines.get(list.children[Math.min(Math.max(index, 0), list.children.length - 1)]));
}

// --- Keyboard. Tab changes the level only while the user writes; otherwise it moves the focus as usual. ---

let isWriting = false;

function focusLine(line, { all = false } = {}) {
  if (!line) return;
  isWriting = true;
  line.title.focus();
  if (all) line.title.select();
  else line.title.setSelectionRange(line.title.value.length, line.title.value.length);
}

/** Save a changed line when it loses the focus, and add its former values to the undo stack. */
async function saveLeftLine(line) {
  const { isChanged, initial } = line;
  line.initial = null;
  await line.save();
  if (isChanged && initial.isKnown && line.row?.isConnected && !line.isDirty && !line.panel)
    pushUndo(root.dataset.changed, () => line.restoreValues(initial.values));
}

function moveFocus(event, line, direction) {
  const row = line.row[direction === "up" ? "previousElementSibling" : "nextElementSibling"];
  const box = lines.get(row)?.form.elements[event.target.name];
  if (!box) return;
  event.preventDefault();
  box.focus();
}

const isTitle = (box) => box.name === "title";
const atStart = (box) => box.selectionStart === 0 && box.selectionEnd === 0;
const atEnd = (box) => box.selectionStart === box.value.length;

const KEYS = {
  Enter(event, line) {
    if (!line.key && line.isEmpty) return line.row.dataset.depth === "1" ? setLevel(line, "out") : undefined;
    line.save();
    addBelow(line.row);
  },
  Tab(event, line) {
    runCommand(line, event.shiftKey ? "out" : "in");
  },
  Backspace(event, line) {
    const next = line.row.nextElementSibling;
    if (line.row.dataset.depth === "0" && next?.dataset.depth === "1") showMessage(SENTENCES.hasParts);
    else runCommand(line, "remove");
  },
  ArrowUp: (event, line) => runCommand(line, "up"),
  ArrowDown: (event, line) => runCommand(line, "down"),
};

function isHandled(event, line) {
  const { key, target } = event;
  if (event.isComposing) return false;
  if (key === "Enter") return true;
  if (key === "Tab") return isWriting && isTitle(target) && Boolean(root.dataset.levels);
  if (key === "Backspace") return isTitle(target) && line.isEmpty;
  return event.altKey && (key === "ArrowUp" || key === "ArrowDown");
}

function onKey(event) {
  const line = lineOf(event.target);
  const isBox = line && event.target.matches("textarea, input"); // a select handles its own keys
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey && undoStack.length) {
    if (isBox && line.isChanged) return; // the browser undoes the last input
    event.preventDefault();
    undo();
  } else if (event.key === "Escape") {
    const menu = event.target.closest("details[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (isBox && isWriting) {
      isWriting = false;
      showMessage(SENTENCES.tabLeaves);
    }
  } else if (!isBox) return;
  else if (isHandled(event, line)) {
    event.preventDefault();
    KEYS[event.key](event, line);
  } else if (event.key === "ArrowUp" && (!isTitle(event.target) || atStart(event.target))) moveFocus(event, line, "up");
  else if (event.key === "ArrowDown" && (!isTitle(event.target) || atEnd(event.target))) moveFocus(event, line, "down");
  else if (event.key === "ArrowRight" && isTitle(event.target) && atEnd(event.target)) line.boxes[1]?.focus();
  else if (event.key === "ArrowLeft" && !isTitle(event.target) && atStart(event.target)) line.title.focus();
  else if (!["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key)) isWriting = true;
}

if (root) {
  for (const row of list.children) new Line(row);
  for (const hidden of document.querySelectorAll("[data-assembly-without-script]")) hidden.hidden = true;
  bar.hidden = false;
  root.addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => { if (root.isConnected && event.target === document.body) onKey(event); });
  root.addEventListener("pointerdown", (event) => { if (event.target.matches("textarea, input")) isWriting = true; });
  root.addEventListener("input", (event) => { if (isTitle(event.target)) resize(event.target); });
  root.addEventListener("focusin", (event) => {
    const line = lineOf(event.target);
    if (line) line.initial ??= { isKnown: Boolean(line.key), values: line.values };
  });
  root.addEventListener("focusout", (event) => {
    const line = lineOf(event.target);
    if (!line || line.row.contains(event.relatedTarget)) return;
    if (line.key) saveLeftLine(line);
    else if (line.isEmpty) setTimeout(() => { if (line.isEmpty && !line.row.contains(document.activeElement)) line.remove(); });
    else line.save();
  });
  root.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!lineOf(event.target) || text.split(/\r?\n/).filter((row) => row.trim()).length < 2) return;
    event.preventDefault();
    paste(lineOf(event.target), text);
  });
  root.addEventListener("submit", (event) => {
    const { submitter } = event;
    event.preventDefault();
    const line = lineOf(event.target);
    submitter?.closest("details")?.removeAttribute("open");
    if (line && submitter?.dataset.assemblyAct) runCommand(line, submitter.dataset.assemblyAct);
    else if (!line && submitter) post(event.target.action);
  });
  document.addEventListener("click", ({ target }) => {
    for (const menu of list.querySelectorAll("details[open]")) if (!menu.contains(target)) menu.open = false;
  });
  bar.addEventListener("click", ({ target }) => {
    if (target.closest("[data-assembly-undo]")) undo();
    if (target.closest("[data-assembly-new]")) addLast();
  });
  if (location.hash === "#nouveau-point") addLast(); // the list is new: begin with a title
  enableDrag(list, async (order) => {
    const before = currentOrder();
    if (order !== before && (await post(root.dataset.assemblyOutline, () => ({ order })))) pushMoveUndo(before);
  });
}
