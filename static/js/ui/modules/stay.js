// The response to a form or link that is used repeatedly (data-assembly-stay: a form, or the links in a list) replaces the
// main part of the page. If that is not possible, the browser navigates, as without script.
import { parsePage, requestPage, saveAll, show, visit } from "./main_part.js";

const OFFLINE = "La connexion est coupée. Ce que vous avez écrit est toujours là : réessayez dans un instant.";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-assembly-stay], [data-assembly-stay] a");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const response = (await saveAll()) && (await requestPage(link.href).catch(() => null));
  const page = response?.ok && parsePage(await response.text());
  if (page && (await saveAll()) && show(page, new URL(response.url))) {
    scrollTo(0, 0);
    document.querySelector("main").focus({ preventScroll: true });
  } else location.assign(link.href);
});

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("[data-assembly-stay]") || event.defaultPrevented) return;
  const body = new URLSearchParams(new FormData(form, submitter));
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  await saveAll();
  const response = await requestPage(form.action, { method: "POST", body }).catch(() => null);
  form.ariaBusy = "false";
  if (response) showResponse(response, await response.text(), form, submitter);
  else showOffline(form);
});

function showResponse(response, text, form, submitter) {
  const page = parsePage(text), address = new URL(response.redirected ? response.url : location.href);
  if (show(page, address)) focusTarget(form, submitter).focus({ preventScroll: true });
  else if (response.redirected) visit(page, address);
  else {
    document.open();
    document.write(text);
    document.close();
  }
}

// The first error, else the same button on the new page, else its main part.
function focusTarget(form, submitter) {
  const main = document.querySelector("main");
  const match = [...main.querySelectorAll("form")].find((other) => other.action === form.action && other.elements[submitter?.name]);
  return main.querySelector("[role=alert], [aria-invalid=true]") ?? match?.elements[submitter.name] ?? main;
}

function showOffline(form) {
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = OFFLINE;
  form.querySelector("[role=alert]")?.remove();
  form.prepend(message);
}
