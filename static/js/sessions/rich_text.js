// The rich text box over the plain one, which stays for browsers without script and holds what is sent, as HTML.
// In a form that saves as one types the box tells of each change; in any other it is sent with the form.
import { Autosave, wordsOf } from "../ui/modules/autosave.js";
import { openSectionEditor, typedIn, wasTypedEarly } from "./minutes/editor.js";

let form, editor;

function wire() {
  editor?.destroy();
  form = document.querySelector("form[data-assembly-rich]");
  if (!form) return;
  const box = form.querySelector("textarea[name=text]");
  const early = wasTypedEarly(form);
  editor = openSectionEditor(form, typedIn(form));
  const fill = () => {
    box.value = editor.isEmpty ? "" : editor.getHTML();
    form.querySelector("[name=format]").value = "html";
  };
  fill();
  if (form.hasAttribute("data-assembly-autosave")) {
    box.autocomplete = "off"; // the browser would put the HTML back into a plain box
    new Autosave(form, early ? null : wordsOf(form));
    form.addEventListener("assembly:saved", (event) => tellNames(event.detail.names ?? []));
  }
  editor.on("update", () => {
    fill();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

wire();
document.addEventListener("assembly:shown", wire);

// The names that the public version will replace.
function tellNames(names) {
  const place = form.querySelector("[data-assembly-names]");
  if (!place) return;
  place.hidden = !names.length;
  place.querySelector("[data-list]").textContent = names.join(", ");
}

// Notes of the sitting go to the end of the text, at the writer's click; the text that stands there is left alone.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-assembly-take]");
  if (!link || !editor) return;
  event.preventDefault();
  const noted = document.querySelector(`[data-assembly-note-text="${CSS.escape(link.dataset.assemblyTake)}"]`);
  const lines = noted.innerText.split("\n").map((line) => line.trim()).filter(Boolean);
  const paragraphs = lines.map((text) => ({ type: "paragraph", content: [{ type: "text", text }] }));
  editor.chain().insertContentAt(editor.state.doc.content.size, paragraphs).focus("end").scrollIntoView().run();
});
