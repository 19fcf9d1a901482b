// A list written line by line, an agenda or a plan (assembly/ui/outline.py). Each line is a form that saves as one types;
// keys, menu and drag press the buttons of that form, which do the same without script.
import { dragging } from "./modules/outline_drag.js";
import {
  Line, bar, blank, grow, keyAbove, lineOf, lines, list, orderNow, post, press, remember, root, rowOf, say, statusLine, undone,
} from "./modules/outline_list.js";

const SENTENCES = {
  still: "Rien n’a bougé : ce n’est pas possible ici.",
  parts: "Ce point a des sous-points : retirez-le par son menu.",
  out: "Tabulation quitte maintenant la liste.",
  undone: "C’est annulé.",
  gone: "Ce n’est plus possible : la liste a changé entre-temps.",
};

// --- Verbs ---

async function act(line, name) {
  if (!line.key) {
    if (name === "remove") return leave(line);
    if (line.isEmpty || (name === "in" || name === "out") && !line.flight) return level(line, name);
  }
  if (line.isEmpty) line.saved = line.words; // whoever removes an emptied line gives its words up
  else await line.now(); // words that are typed go first
  const before = orderNow();
  const back = line.row.querySelector("[data-assembly-back]")?.dataset.assemblyBack;
  const neighbour = line.row.previousElementSibling ?? line.row.nextElementSibling;
  const made = await press(line.key, name);
  if (!made) return made === null ? undefined : say(SENTENCES.still);
  if (name === "remove") {
    remember(statusLine.textContent, () => post(back));
    enter(lines.get(neighbour));
  } else if (name === "duplicate") {
    remember(statusLine.textContent, () => takeBack(made));
    enter(lines.get(rowOf(made[0])), { all: true });
  } else if (["up", "down", "in", "out"].includes(name)) {
    if (before === orderNow()) say(SENTENCES.still);
    else moved(before);
    enter(line);
  }
}

const moved = (before) => remember(root.dataset.moved, () => post(root.dataset.assemblyOutline, () => ({ order: before })));

async function takeBack(made) {
  let done = [];
  for (const key of made) done = rowOf(key) ? await press(key, "remove") : done;
  return done;
}

/** The level of a line that the server does not have yet. */
function level(line, name) {
  const above = line.row.previousElementSibling;
  if (!["in", "out"].includes(name) || !root.dataset.levels || (name === "in" && !above)) return say(SENTENCES.still);
  line.row.dataset.depth = name === "in" ? "1" : "0";
  line.row.classList.toggle("sub", name === "in");
}

function addLast() {
  let last = list.lastElementChild;
  while (last?.matches("[data-closing], [data-closing] ~ .sub")) last = last.previousElementSibling;
  addBelow(last);
}

function addBelow(row) {
  const fresh = blank.content.firstElementChild.cloneNode(true);
  const number = ++addBelow.count;
  for (const node of fresh.querySelectorAll("[id], [for]"))
    for (const name of ["id", "for"]) if (node.hasAttribute(name)) node.setAttribute(name, `${node.getAttribute(name)}-${number}`);
  fresh.querySelector("[name=csrfmiddlewaretoken]").value = root.querySelector("[name=csrfmiddlewaretoken]")?.value
    ?? fresh.querySelector("[name=csrfmiddlewaretoken]").value;
  const below = row?.nextElementSibling;
  const depth = below?.dataset.depth === "1" ? "1" : row?.dataset.depth ?? "0";
  fresh.dataset.depth = depth;
  fresh.classList.toggle("sub", depth === "1");
  if (row) row.after(fresh);
  else list.prepend(fresh);
  enter(new Line(fresh));
}
addBelow.count = 0;

function leave(line) {
  const neighbour = line.row.previousElementSibling ?? line.row.nextElementSibling;
  line.drop();
  enter(lines.get(neighbour));
}

async function paste(line, text) {
  const isBlank = !line.key && line.isEmpty;
  if (!isBlank) await line.now();
  const { depth } = line.row.dataset;
  const made = await post(root.dataset.paste, () => ({ text, depth, after: keyAbove(isBlank ? line.row.previousElementSibling : line.row) }));
  if (made === null) return;
  if (isBlank) line.drop();
  remember(statusLine.textContent, () => takeBack(made));
  enter(lines.get(rowOf(made.at(-1))));
}

async function undo() {
  const place = [...list.children].findIndex((row) => row.contains(document.activeElement));
  const done = await undone.pop()();
  say(done === null ? SENTENCES.gone : SENTENCES.undone, { undo: undone.length > 0 });
  if (document.activeElement === document.body || document.activeElement.hidden)
    enter(lines.get(list.children[Math.min(Math.max(place, 0), list.children.length - 1)]));
}

// --- The keyboard. Tab is ours only where somebody writes: who walks through the page walks on. ---

let writing = false;

function enter(line, { all = false } = {}) {
  if (!line) return;
  writing = true;
  line.title.focus();
  if (all) line.title.select();
  else line.title.setSelectionRange(line.title.value.length, line.title.value.length);
}

/** A line that was written in is saved at once, and its former words may come back. */
async function left(line) {
  const { isTouched, former } = line;
  line.former = null;
  await line.now();
  if (isTouched && former.isKnown && line.row?.isConnected && !line.isDirty && !line.panel)
    remember(root.dataset.changed, () => line.put(former.values));
}

function step(event, line, direction) {
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
    if (!line.key && line.isEmpty) return line.row.dataset.depth === "1" ? level(line, "out") : undefined;
    line.now();
    addBelow(line.row);
  },
  Tab(event, line) {
    act(line, event.shiftKey ? "out" : "in");
  },
  Backspace(event, line) {
    const next = line.row.nextElementSibling;
    if (line.row.dataset.depth === "0" && next?.dataset.depth === "1") say(SENTENCES.parts);
    else act(line, "remove");
  },
  ArrowUp: (event, line) => act(line, "up"),
  ArrowDown: (event, line) => act(line, "down"),
};

function isOurs(event, line) {
  const { key, target } = event;
  if (event.isComposing) return false;
  if (key === "Enter") return true;
  if (key === "Tab") return writing && isTitle(target) && Boolean(root.dataset.levels);
  if (key === "Backspace") return isTitle(target) && line.isEmpty;
  return event.altKey && (key === "ArrowUp" || key === "ArrowDown");
}

function onKey(event) {
  const line = lineOf(event.target);
  const isBox = line && event.target.matches("textarea, input"); // a list of choices keeps its own keys
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey && undone.length) {
    if (isBox && line.isTouched) return; // the browser takes the last words back
    event.preventDefault();
    undo();
  } else if (event.key === "Escape") {
    const menu = event.target.closest("details[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (isBox && writing) {
      writing = false;
      say(SENTENCES.out);
    }
  } else if (!isBox) return;
  else if (isOurs(event, line)) {
    event.preventDefault();
    KEYS[event.key](event, line);
  } else if (event.key === "ArrowUp" && (!isTitle(event.target) || atStart(event.target))) step(event, line, "up");
  else if (event.key === "ArrowDown" && (!isTitle(event.target) || atEnd(event.target))) step(event, line, "down");
  else if (event.key === "ArrowRight" && isTitle(event.target) && atEnd(event.target)) line.boxes[1]?.focus();
  else if (event.key === "ArrowLeft" && !isTitle(event.target) && atStart(event.target)) line.title.focus();
  else if (!["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key)) writing = true;
}

if (root) {
  for (const row of list.children) new Line(row);
  for (const hidden of document.querySelectorAll("[data-assembly-without-script]")) hidden.hidden = true;
  bar.hidden = false;
  root.addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => { if (root.isConnected && event.target === document.body) onKey(event); });
  root.addEventListener("pointerdown", (event) => { if (event.target.matches("textarea, input")) writing = true; });
  root.addEventListener("input", (event) => { if (isTitle(event.target)) grow(event.target); });
  root.addEventListener("focusin", (event) => {
    const line = lineOf(event.target);
    if (line) line.former ??= { isKnown: Boolean(line.key), values: line.values };
  });
  root.addEventListener("focusout", (event) => {
    const line = lineOf(event.target);
    if (!line || line.row.contains(event.relatedTarget)) return;
    if (line.key) left(line);
    else if (line.isEmpty) setTimeout(() => { if (line.isEmpty && !line.row.contains(document.activeElement)) line.drop(); });
    else line.now();
  });
  root.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!lineOf(event.target) || text.split(/\r?\n/).filter((words) => words.trim()).length < 2) return;
    event.preventDefault();
    paste(lineOf(event.target), text);
  });
  root.addEventListener("submit", (event) => {
    const { submitter } = event;
    event.preventDefault();
    const line = lineOf(event.target);
    submitter?.closest("details")?.removeAttribute("open");
    if (line && submitter?.dataset.assemblyAct) act(line, submitter.dataset.assemblyAct);
    else if (!line && submitter) post(event.target.action);
  });
  document.addEventListener("click", ({ target }) => {
    for (const menu of list.querySelectorAll("details[open]")) if (!menu.contains(target)) menu.open = false;
  });
  bar.addEventListener("click", ({ target }) => {
    if (target.closest("[data-assembly-undo]")) undo();
    if (target.closest("[data-assembly-new]")) addLast();
  });
  if (location.hash === "#nouveau-point") addLast(); // just made: the next word is a title
  dragging(list, async (order) => {
    const before = orderNow();
    if (order !== before && (await post(root.dataset.assemblyOutline, () => ({ order })))) moved(before);
  });
}
