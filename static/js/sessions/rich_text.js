// The rich text box over the plain one, which stays for browsers without script and has the HTML that is sent.
// In a form that saves while the user types, each change triggers a save; in any other it is sent with the form.
import { Autosave, contentOf } from "../ui/modules/autosave.js";
import { initialHtml, openSectionEditor, wasTypedEarly } from "./minutes/editor.js";

let form, editor;

function openEditor() {
  editor?.destroy();
  form = document.querySelector("form[data-assembly-rich]");
  if (!form) return;
  const box = form.querySelector("textarea[name=text]");
  const isTypedEarly = wasTypedEarly(form);
  editor = openSectionEditor(form, initialHtml(form));
  const writeField = () => {
    box.value = editor.isEmpty ? "" : editor.getHTML();
    form.querySelector("[name=format]").value = "html";
  };
  writeField();
  if (form.hasAttribute("data-assembly-autosave")) {
    box.autocomplete = "off"; // the browser would put the HTML back into a plain box
    new Autosave(form, isTypedEarly ? null : contentOf(form));
    form.addEventListener("assembly:saved", (event) => showNames(event.detail.names ?? []));
  }
  editor.on("update", () => {
    writeField();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

openEditor();
document.addEventListener("assembly:shown", openEditor);

// The names that the public version will replace.
function showNames(names) {
  const container = form.querySelector("[data-assembly-names]");
  if (!container) return;
  container.hidden = !names.length;
  container.querySelector("[data-list]").textContent = names.join(", ");
}

// A click appends notes of the sitting to the end of the text; the text before them is unchanged.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-assembly-take]");
  if (!link || !editor) return;
  event.preventDefault();
  const note = document.querySelector(`[data-assembly-note-text="${CSS.escape(link.dataset.assemblyTake)}"]`);
  const lines = note.innerText.split("\n").map((line) => line.trim()).filter(Boolean);
  const paragraphs = lines.map((text) => ({ type: "paragraph", content: [{ type: "text", text }] }));
  editor.chain().insertContentAt(editor.state.doc.content.size, paragraphs).focus("end").scrollIntoView().run();
});
