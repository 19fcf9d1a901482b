// The same rich text box in a form that is sent as a whole: its HTML goes out in the plain box.
import { openPad, typedBefore, wasTypedEarly } from "./minutes/editor.js";

const form = document.querySelector("[data-assembly-rich]");
if (form) {
  const typed = form.querySelector(".error-summary") || wasTypedEarly(form);
  const editor = openPad(form, typed ? typedBefore(form) : form.querySelector("[data-assembly-html]").innerHTML);
  form.addEventListener("submit", () => {
    form.querySelector("textarea[name=text]").value = editor.isEmpty ? "" : editor.getHTML();
    form.querySelector("[name=format]").value = "html";
  });
}
