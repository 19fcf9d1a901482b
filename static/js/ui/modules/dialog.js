// A link to a page with one question (data-assembly-dialog, layouts/focus.html) opens it in a dialog; sending it keeps the
// page behind. Otherwise the browser navigates, as without script: a sign-in, another page that follows, a page with a
// script of its own.
import { pageScripts, parsePage, requestPage, saveAll, show as showPage, visit } from "./main_part.js";

const OFFLINE = "La connexion est coupée. Ce que vous avez écrit est toujours là : réessayez dans un instant.";

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
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  fill(dialog, question, opener.href);
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-assembly-back]")) return;
    event.preventDefault();
    dialog.close();
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
}

function fill(dialog, question, address) {
  const title = question.querySelector("h1, h2");
  if (title) {
    const smaller = document.createElement("h2");
    smaller.id = "question";
    smaller.append(...title.childNodes);
    title.replaceWith(smaller);
    dialog.setAttribute("aria-labelledby", "question");
  }
  question.querySelectorAll("form:not([action])").forEach((form) => form.setAttribute("action", address));
  question.querySelector("#messages")?.removeAttribute("id");
  dialog.replaceChildren(...question.childNodes);
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
  if (response.redirected) showNextPage(dialog, new URL(response.url), page, opener);
  else if (nextQuestion) {
    fill(dialog, nextQuestion, form.action);
    dialog.querySelector("[role=alert], [aria-invalid=true]")?.focus();
  } else {
    // A page without a question: a confirmation, or a refusal with a link.
    document.open();
    document.write(text);
    document.close();
  }
}

function showError(dialog, message) {
  const alert = document.createElement("p");
  alert.setAttribute("role", "alert");
  alert.textContent = message;
  dialog.querySelector("[role=alert]")?.remove();
  dialog.prepend(alert);
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
