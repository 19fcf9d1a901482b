// A passage of a text is rewritten in place: a tap or Enter opens a copy of its text, the change is shown while the user
// types, then the form of the page is posted with ids and texts. The server derives the rest and checks as for the full form.
import { diffWords } from "diff";
import { renewKey } from "./modules/idempotency_key.js";

const BLOCKS = "p, li, h2, h3, h4, h5, h6, td, th, blockquote, caption";
const ANNOUNCE_DELAY_MS = 700; // the change is announced once the user stops typing
const template = document.querySelector("[data-assembly-in-text-form]");
const forms = new Map();

for (const root of document.querySelectorAll("[data-assembly-in-text]")) {
  for (const passage of passagesOf(root)) addOpener(root, passage);
  root.addEventListener("click", (event) => {
    const passage = event.target.closest(".in-text-passage");
    if (!passage || event.target.closest("a, button") || !getSelection().isCollapsed) return;
    open(root, passage, caretOffset(passage, event));
  });
}
for (const hint of document.querySelectorAll("[data-assembly-in-text-hint]")) hint.hidden = false;

// The numbered passages of the page, else the innermost blocks.
function passagesOf(root) {
  const numbered = [...root.querySelectorAll("[data-passage]")];
  if (numbered.length) return numbered;
  return [...root.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS) && block.textContent.trim());
}

// For use without a mouse: the link of the page becomes a button, or the passage gets one that is visible on focus.
function addOpener(root, passage) {
  const text = "empty" in passage.dataset ? "" : passage.innerText.trim();
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
    excerpt.textContent = ` : ${text.slice(0, 40)}`;
    opener.append(template.dataset.open, excerpt);
    passage.append(" ", opener);
  }
  opener.addEventListener("click", () => open(root, passage, text.length));
  passage.classList.add("in-text-passage");
  forms.set(passage, { text, opener, formUrl: link?.href ?? root.dataset.assemblyInText });
}

function open(root, passage, offset) {
  for (const [other, { form }] of forms) if (other !== passage && form && !form.hidden) close(other);
  const entry = forms.get(passage);
  entry.form ??= createForm(root, passage, entry);
  show(passage, entry, true);
  const box = entry.form.elements.rewritten;
  box.focus();
  if (box.value === entry.text) box.setSelectionRange(offset, offset);
}

// The input stays in the form until the page is left.
function close(passage) {
  show(passage, forms.get(passage), false);
}

function show(passage, { form, item }, isOpen) {
  (item ?? form).hidden = form.hidden = !isOpen;
  if (!passage.matches("td, th")) passage.hidden = isOpen;
}

function createForm(root, passage, entry) {
  const form = template.content.firstElementChild.cloneNode(true);
  renewKey(form);
  form.action = root.dataset.assemblyInText;
  form.querySelector("[data-whole]").href = entry.formUrl;
  const { was, number, rewritten } = form.elements;
  was.value = rewritten.value = rewritten.defaultValue = entry.text;
  was.defaultValue = entry.text;
  number.value = number.defaultValue = passage.dataset.passage ?? "";
  rewritten.rows = Math.min(12, 2 + Math.ceil(entry.text.length / (innerWidth < 640 ? 38 : 70)));
  makeIdsUnique(form, [...forms.keys()].indexOf(passage));
  if (passage.matches("li")) {
    entry.item = document.createElement("li");
    entry.item.append(form);
    passage.after(entry.item);
  } else (passage.closest("table") ?? passage).after(form);
  form.addEventListener("input", () => showChange(form));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel(passage, entry.opener);
  });
  form.querySelector("[data-leave]").addEventListener("click", () => cancel(passage, entry.opener));
  form.addEventListener("submit", (event) => {
    if (changeOf(form).kind) return;
    event.preventDefault();
    announce(form, "Vous n’avez rien changé dans ce passage.");
    rewritten.focus();
  });
  showChange(form, true);
  return form;
}

function cancel(passage, opener) {
  close(passage);
  opener.focus();
}

// One template is used for several forms, so ids must differ.
function makeIdsUnique(form, index) {
  for (const box of form.querySelectorAll("[id]")) box.id += `-${index}`;
  for (const name of ["for", "aria-describedby"])
    for (const node of form.querySelectorAll(`[${name}]`)) node.setAttribute(name, `${node.getAttribute(name)}-${index}`);
}

function changeOf(form) {
  const { was, rewritten } = form.elements;
  const parts = diffWords(was.value, rewritten.value.trim());
  const deletedText = parts.filter((part) => part.removed).map((part) => part.value.trim()).join(" … ");
  const addedText = parts.filter((part) => part.added).map((part) => part.value.trim()).join(" … ");
  const kind = deletedText && addedText ? "Remplacer" : deletedText ? "Supprimer" : addedText ? "Ajouter" : "";
  return { parts, deletedText, addedText, kind };
}

function showChange(form, isQuiet = false) {
  const { parts, deletedText, addedText, kind } = changeOf(form);
  form.querySelector("[data-kind]").textContent = kind || "Rien n’est encore changé";
  form.querySelector("[data-diff]").replaceChildren(...(kind ? parts.map(markedPart) : []));
  clearTimeout(form.announceTimer);
  const sentence = [kind, deletedText && `« ${deletedText} »`, deletedText && addedText && "par", addedText && `« ${addedText} »`].filter(Boolean).join(" ");
  if (!isQuiet) form.announceTimer = setTimeout(() => announce(form, sentence), ANNOUNCE_DELAY_MS);
}

function announce(form, text) {
  form.querySelector("[data-announcement]").textContent = text;
}

function markedPart({ value, added: isAdded, removed: isRemoved }) {
  if (!isAdded && !isRemoved) return document.createTextNode(value);
  const mark = document.createElement(isAdded ? "ins" : "del");
  mark.append(hiddenText(isAdded ? "ajouté, début : " : "supprimé, début : "), value, hiddenText(isAdded ? " fin de l’ajout" : " fin de la suppression"));
  return mark;
}

function hiddenText(text) {
  const span = document.createElement("span");
  span.className = "vh";
  span.textContent = text;
  return span;
}

// The caret is set to the letter that was touched.
function caretOffset(passage, { clientX, clientY }) {
  const caret = document.caretPositionFromPoint?.(clientX, clientY) ?? document.caretRangeFromPoint?.(clientX, clientY);
  const node = caret?.offsetNode ?? caret?.startContainer;
  if (!node || !passage.contains(node)) return forms.get(passage).text.length;
  const range = document.createRange();
  range.setStart(passage, 0);
  range.setEnd(node, caret.offset ?? caret.startOffset);
  return range.toString().trimStart().length;
}
