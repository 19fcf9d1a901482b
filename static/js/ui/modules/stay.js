// What is pressed again and again on one page (data-assembly-stay: a form, or the links in a list) brings its answer here.
// What cannot be shown here is a visit, as without script.
import { ask, parsed, settled, show, visit } from "./main_part.js";

const LOST = "La connexion est coupée. Ce que vous avez écrit est toujours là : réessayez dans un instant.";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-assembly-stay], [data-assembly-stay] a");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const answer = (await settled()) && (await ask(link.href).catch(() => null));
  const page = answer?.ok && parsed(await answer.text());
  if (page && (await settled()) && show(page, new URL(answer.url))) {
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
  await settled();
  const answer = await ask(form.action, { method: "POST", body }).catch(() => null);
  form.ariaBusy = "false";
  if (answer) take(answer, await answer.text(), form, submitter);
  else tell(form);
});

function take(answer, text, form, submitter) {
  const page = parsed(text), address = new URL(answer.redirected ? answer.url : location.href);
  if (show(page, address)) find(form, submitter).focus({ preventScroll: true });
  else if (answer.redirected) visit(page, address);
  else {
    document.open();
    document.write(text);
    document.close();
  }
}

// An error, the same button of the page that came, or the page.
function find(form, submitter) {
  const main = document.querySelector("main");
  const same = [...main.querySelectorAll("form")].find((each) => each.action === form.action && each.elements[submitter?.name]);
  return main.querySelector("[role=alert], [aria-invalid=true]") ?? same?.elements[submitter.name] ?? main;
}

function tell(form) {
  const told = document.createElement("p");
  told.setAttribute("role", "alert");
  told.textContent = LOST;
  form.querySelector("[role=alert]")?.remove();
  form.prepend(told);
}
