// The writing of one summary: rich text, saved as one types. The plain box of the page stays for browsers without script.
import { openPad, typedBefore } from "./minutes/editor.js";
import { Saver } from "./minutes/saver.js";

const form = document.querySelector("[data-assembly-minutes-editor]");
if (form) {
  const refused = form.querySelector("[role=alert].error-summary, .field-bad");
  const editor = openPad(form, refused ? typedBefore(form) : form.querySelector("[data-assembly-html]").innerHTML);
  const saver = new Saver(form, editor);
  editor.on("update", () => saver.later());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saver.now();
  });
}
