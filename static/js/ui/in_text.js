// A passage of a text is rewritten where it stands: a tap or Enter opens a copy of its words, what changes is shown as one
// types, then the form of the page is posted with ids and words. The server derives the rest and asks what it always asks.
import { diffWords } from "diff";
import { renewKey } from "./modules/idempotency_key.js";

const BLOCKS = "p, li, h2, h3, h4, h5, h6, td, th, blockquote, caption";
const PAUSE = 700; // what changes is said once the writer stops
const template = document.querySelector("[data-assembly-in-text-form]");
const forms = new Map();

for (const root of document.querySelectorAll("[data-assembly-in-text]")) {
  for (const passage of passagesOf(root)) prepare(root, passage);
  root.addEventListener("click", (event) => {
    const passage = event.target.closest(".in-text-passage");
    if (!passage || event.target.closest("a, button") || !getSelection().isCollapsed) return;
    open(root, passage, lettersBefore(passage, event));
  });
}
for (const hint of document.querySelectorAll("[data-assembly-in-text-hint]")) hint.hidden = false;

// The passages that the page numbers, else the blocks that hold no other.
function passagesOf(root) {
  const numbered = [...root.querySelectorAll("[data-passage]")];
  if (numbered.length) return numbered;
  return [...root.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS) && block.textContent.trim());
}

// The way in without a mouse: the link of the page becomes a button, or the passage gets one that shows at the focus.
function prepare(root, passage) {
  const words = "empty" in passage.dataset ? "" : passage.innerText.trim();
  const link = passage.closest("li")?.querySelector("[data-assembly-in-text-open]");
  const opener = document.createElement("button");
  opener.type = "button";
  if (link) {
    opener.className = "in-text-link";
    opener.textContent = link.textContent.trim();
    link.replaceWith(opener);
  } else {
    opener.className = "in-text-open btn btn-secondary btn-sm vh";
    const excerpt = document.createElement("span");
    excerpt.className = "vh";
    excerpt.textContent = ` : ${words.slice(0, 40)}`;
    opener.append(template.dataset.open, excerpt);
    passage.append(" ", opener);
  }
  opener.addEventListener("click", () => open(root, passage, words.length));
  passage.classList.add("in-text-passage");
  forms.set(passage, { words, opener, whole: link?.href ?? root.dataset.assemblyInText });
}

function open(root, passage, caret) {
  for (const [other, { form }] of forms) if (other !== passage && form && !form.hidden) close(other);
  const held = forms.get(passage);
  held.form ??= made(root, passage, held);
  show(passage, held, true);
  const box = held.form.elements.rewritten;
  box.focus();
  if (box.value === held.words) box.setSelectionRange(caret, caret);
}

// Words typed so far stay in the form until the page is left.
function close(passage) {
  show(passage, forms.get(passage), false);
}

function show(passage, { form, place }, isOpen) {
  (place ?? form).hidden = form.hidden = !isOpen;
  if (!passage.matches("td, th")) passage.hidden = isOpen;
}

function made(root, passage, held) {
  const form = template.content.firstElementChild.cloneNode(true);
  renewKey(form);
  form.action = root.dataset.assemblyInText;
  form.querySelector("[data-whole]").href = held.whole;
  const { was, number, rewritten } = form.elements;
  was.value = rewritten.value = rewritten.defaultValue = held.words;
  was.defaultValue = held.words;
  number.value = number.defaultValue = passage.dataset.passage ?? "";
  rewritten.rows = Math.min(12, 2 + Math.ceil(held.words.length / (innerWidth < 640 ? 38 : 70)));
  ownIds(form, [...forms.keys()].indexOf(passage));
  if (passage.matches("li")) {
    held.place = document.createElement("li");
    held.place.append(form);
    passage.after(held.place);
  } else (passage.closest("table") ?? passage).after(form);
  form.addEventListener("input", () => tell(form));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave(passage, held.opener);
  });
  form.querySelector("[data-leave]").addEventListener("click", () => leave(passage, held.opener));
  form.addEventListener("submit", (event) => {
    if (changeOf(form).kind) return;
    event.preventDefault();
    say(form, "Vous n’avez rien changé dans ce passage.");
    rewritten.focus();
  });
  tell(form, true);
  return form;
}

function leave(passage, opener) {
  close(passage);
  opener.focus();
}

// One template, several forms: each label has its own box.
function ownIds(form, rank) {
  for (const box of form.querySelectorAll("[id]")) box.id += `-${rank}`;
  for (const name of ["for", "aria-describedby"])
    for (const node of form.querySelectorAll(`[${name}]`)) node.setAttribute(name, `${node.getAttribute(name)}-${rank}`);
}

function changeOf(form) {
  const { was, rewritten } = form.elements;
  const parts = diffWords(was.value, rewritten.value.trim());
  const taken = parts.filter((part) => part.removed).map((part) => part.value.trim()).join(" … ");
  const added = parts.filter((part) => part.added).map((part) => part.value.trim()).join(" … ");
  const kind = taken && added ? "Remplacer" : taken ? "Supprimer" : added ? "Ajouter" : "";
  return { parts, taken, added, kind };
}

function tell(form, isQuiet = false) {
  const { parts, taken, added, kind } = changeOf(form);
  form.querySelector("[data-kind]").textContent = kind || "Rien n’est encore changé";
  form.querySelector("[data-words]").replaceChildren(...(kind ? parts.map(marked) : []));
  clearTimeout(form.saying);
  const said = [kind, taken && `« ${taken} »`, taken && added && "par", added && `« ${added} »`].filter(Boolean).join(" ");
  if (!isQuiet) form.saying = setTimeout(() => say(form, said), PAUSE);
}

function say(form, words) {
  form.querySelector("[data-said]").textContent = words;
}

function marked({ value, added, removed }) {
  if (!added && !removed) return document.createTextNode(value);
  const mark = document.createElement(added ? "ins" : "del");
  mark.append(hidden(added ? "ajouté, début : " : "supprimé, début : "), value, hidden(added ? " fin de l’ajout" : " fin de la suppression"));
  return mark;
}

function hidden(words) {
  const span = document.createElement("span");
  span.className = "vh";
  span.textContent = words;
  return span;
}

// The caret goes to the letter that was touched.
function lettersBefore(passage, { clientX, clientY }) {
  const at = document.caretPositionFromPoint?.(clientX, clientY) ?? document.caretRangeFromPoint?.(clientX, clientY);
  const node = at?.offsetNode ?? at?.startContainer;
  if (!node || !passage.contains(node)) return forms.get(passage).words.length;
  const range = document.createRange();
  range.setStart(passage, 0);
  range.setEnd(node, at.offset ?? at.startOffset);
  return range.toString().trimStart().length;
}
