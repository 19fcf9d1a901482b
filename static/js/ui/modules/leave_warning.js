// The browser asks before the page of a long form with input is left. Nothing is stored: the input may be personal.
import { initialForm } from "./initial_form.js";

const contentOf = (form) => new URLSearchParams(new FormData(form)).toString();
const changed = new WeakSet();

for (const form of document.querySelectorAll("form[data-assembly-long]"))
  if (contentOf(form) !== contentOf(initialForm(form))) changed.add(form);

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-assembly-long]");
  if (form) changed.add(form);
});

addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-assembly-long]"))
    if (changed.has(form) && form.getAttribute("aria-busy") !== "true") event.preventDefault();
});
