// A link to a page with one question (data-assembly-dialog, layouts/focus.html) opens it in a dialog: its head and foot stay, the
// middle scrolls; sending it keeps the page behind. Otherwise the browser navigates, as without script: a sign-in, another page
// that follows, a page with a script of its own.
import { pageScripts, parsePage, requestPage, saveAll, show as showPage, visit } from "./main_part.js";

const FIELDS = "input:not([type=button], [type=file], [type=image], [type=reset], [type=submit]), select";
const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
const OFFLINE = "La connexion est coupée. Ce que vous avez écrit est toujours là : réessayez dans un instant.";
let dialogCount = 0;

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-assembly-dialog]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const response = await requestPage(link.href).catch(() => null);
  const page = response?.ok && !response.redirected ? parsePage(await response.text()) : null;
  const question = page && questionOf(page);
  if (question && !pageScripts(page).length) show(question, link);
  else location.assign(link.href);
});

function questionOf(page) {
  return page.querySelector("main.focus > *");
}

function show(question, opener) {
  const dialog = element("dialog", "dialog dialog-question");
  fill(dialog, question, opener.href);
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-assembly-back]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    // Only a pressed button sends, never Enter in a field, where the browser would press the first one.
    if (event.key === "Enter" && event.target.matches(FIELDS)) event.preventDefault();
    if (event.key === "Tab") stayInside(dialog, event);
  });
  dialog.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    event.preventDefault();
    send(dialog, event.target, event.submitter, opener);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  prepareMiddle(dialog);
  titleOf(dialog)?.focus();
}

// The question as three parts: what it is about (stays), all that is read or filled in (scrolls), the buttons (stay).
function fill(dialog, question, address) {
  const parts = ["head", "middle", "foot"].map((part) => element("div", `dialog-${part}`));
  const [head, middle, foot] = parts;
  const title = question.querySelector("h1") ?? question.querySelector("h2");
  const number = ++dialogCount;
  if (title) {
    const smaller = element("h2");
    smaller.id = `question-${number}`;
    smaller.tabIndex = -1;
    smaller.append(...title.childNodes);
    title.remove();
    head.append(smaller, ...question.querySelectorAll(":scope > .over"));
    dialog.setAttribute("aria-labelledby", smaller.id);
  }
  question.querySelectorAll("form:not([action])").forEach((form) => form.setAttribute("action", address));
  question.querySelector("#messages")?.removeAttribute("id");
  foot.append(...footRows(question, number));
  middle.append(...question.childNodes);
  const close = element("button", "btn btn-quiet btn-sm dialog-close");
  Object.assign(close, { type: "button", textContent: "Fermer" });
  close.dataset.assemblyBack = "";
  dialog.replaceChildren(...parts, close);
  if (dialog.open) prepareMiddle(dialog);
}

// The rows of buttons that stand in the foot: that of the main button, and those that the page names (data-assembly-foot).
function footRows(question, number) {
  const rows = [...question.querySelectorAll(".actions")];
  const main = rows.find((row) => row.querySelector(".btn-primary, .btn-danger")) ?? rows.find((row) => row.querySelector("[data-assembly-back]"));
  const form = main?.closest("form");
  if (form) {
    if (!form.hasAttribute("id")) form.setAttribute("id", `question-form-${number}`);
    main.querySelectorAll("button").forEach((button) => button.setAttribute("form", form.getAttribute("id")));
  }
  return [main, ...rows.filter((row) => row !== main && row.matches("[data-assembly-foot]"))].filter(Boolean);
}

// Whoever has no mouse scrolls a long middle with the arrows.
function prepareMiddle(dialog) {
  const middle = dialog.querySelector(".dialog-middle");
  if (middle.scrollHeight > middle.clientHeight) middle.tabIndex = 0;
}

function titleOf(dialog) {
  return dialog.querySelector(".dialog-head > h2");
}

// The browser would go on with its own buttons.
function stayInside(dialog, event) {
  const stops = [...dialog.querySelectorAll(STOPS)].filter((stop) => stop.tabIndex >= 0 && !stop.disabled && stop.getClientRects().length);
  const ends = event.shiftKey ? [stops[0], titleOf(dialog)] : [stops.at(-1)];
  if (!ends.includes(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
}

function element(tag, className = "") {
  return Object.assign(document.createElement(tag), { className });
}

async function send(dialog, form, submitter, opener) {
  if (dialog.ariaBusy === "true") return;
  dialog.ariaBusy = "true";
  const fields = new FormData(form, submitter);
  await saveAll();
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  const response = await requestPage(form.action, { method: "POST", body }).catch(() => null);
  dialog.ariaBusy = "false";
  if (!response) {
    showError(dialog, OFFLINE);
    return;
  }
  const text = await response.text();
  const page = parsePage(text);
  const nextQuestion = questionOf(page);
  const isSameQuestion = nextQuestion && response.redirected && response.url === opener.href;
  if (response.redirected && !isSameQuestion) showNextPage(dialog, new URL(response.url), page, opener);
  else if (nextQuestion) {
    fill(dialog, nextQuestion, isSameQuestion ? opener.href : form.action);
    focusRefusal(dialog);
  } else {
    // A page without a question: a confirmation, or a refusal with a link.
    document.open();
    document.write(text);
    document.close();
  }
}

// The first error, else the title of what is shown now.
function focusRefusal(dialog) {
  const target = dialog.querySelector("[role=alert], [aria-invalid=true]") ?? titleOf(dialog);
  if (target?.matches("[role=alert]")) target.tabIndex = -1;
  target?.focus();
}

function showError(dialog, message) {
  const alert = document.createElement("p");
  alert.setAttribute("role", "alert");
  alert.textContent = message;
  const middle = dialog.querySelector(".dialog-middle");
  middle.querySelector("[role=alert]")?.remove();
  middle.prepend(alert);
  alert.scrollIntoView({ block: "nearest" });
}

function showNextPage(dialog, address, page, opener) {
  const main = document.querySelector("main");
  if (!showPage(page, address)) {
    visit(page, address);
    return;
  }
  dialog.close();
  const match = [...main.querySelectorAll("a[data-assembly-dialog]")].find((link) => link.href === opener.href);
  (match ?? main).focus({ preventScroll: true });
  // Keyboard users continue at the top of the page, with the message; after a click the scroll position stays.
  if (!match && main.matches(":focus-visible")) main.querySelector("#messages")?.scrollIntoView({ block: "nearest" });
}
