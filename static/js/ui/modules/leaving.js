// A long form with words in it asks before the page is left. Nothing is kept in the browser: the words may be personal.
import { asSent } from "./sent.js";

const words = (form) => new URLSearchParams(new FormData(form)).toString();
const changed = new WeakSet();

for (const form of document.querySelectorAll("form[data-assembly-long]"))
  if (words(form) !== words(asSent(form))) changed.add(form);

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-assembly-long]");
  if (form) changed.add(form);
});

addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-assembly-long]"))
    if (changed.has(form) && form.getAttribute("aria-busy") !== "true") event.preventDefault();
});
