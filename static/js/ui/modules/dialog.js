// A link to one question (data-assembly-dialog to a page of layouts/focus.html) opens it here, and its answer leaves the
// page behind it where it is. What cannot be done here is a visit, as without script: a sign-in, another page that
// follows, a page with a script of its own.
import { ask, ownScripts, parsed, settled, show as showPage, visit } from "./main_part.js";

const LOST = "La connexion est coupée. Ce que vous avez écrit est toujours là : réessayez dans un instant.";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-assembly-dialog]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await ask(link.href).catch(() => null);
  const page = answer?.ok && !answer.redirected ? parsed(await answer.text()) : null;
  const question = page && questionOf(page);
  if (question && !ownScripts(page).length) show(question, link);
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
  await settled();
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  const answer = await ask(form.action, { method: "POST", body }).catch(() => null);
  dialog.ariaBusy = "false";
  if (!answer) {
    tell(dialog, LOST);
    return;
  }
  const text = await answer.text();
  const page = parsed(text);
  const again = questionOf(page);
  if (answer.redirected) follow(dialog, new URL(answer.url), page, opener);
  else if (again) {
    fill(dialog, again, form.action);
    dialog.querySelector("[role=alert], [aria-invalid=true]")?.focus();
  } else {
    // A page that asks nothing more: what was done, or a refusal and the way out.
    document.open();
    document.write(text);
    document.close();
  }
}

function tell(dialog, words) {
  const told = document.createElement("p");
  told.setAttribute("role", "alert");
  told.textContent = words;
  dialog.querySelector("[role=alert]")?.remove();
  dialog.prepend(told);
}

function follow(dialog, there, page, opener) {
  const here = document.querySelector("main");
  if (!showPage(page, there)) {
    visit(page, there);
    return;
  }
  dialog.close();
  const same = [...here.querySelectorAll("a[data-assembly-dialog]")].find((link) => link.href === opener.href);
  (same ?? here).focus({ preventScroll: true });
  // By keyboard one goes on from the top of the page, where it is said what was done; a mouse keeps its place in a list.
  if (!same && here.matches(":focus-visible")) here.querySelector("#messages")?.scrollIntoView({ block: "nearest" });
}
