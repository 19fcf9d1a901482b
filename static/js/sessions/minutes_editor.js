// The writing of one summary: rich text, saved as one types. The plain box of the page stays for browsers without script.
import { openPad, typedBefore, wasTypedEarly } from "./minutes/editor.js";
import { Saver } from "./minutes/saver.js";

const form = document.querySelector("[data-assembly-minutes-editor]");
if (form) {
  const refused = form.querySelector("[role=alert].error-summary, .field-bad");
  const early = wasTypedEarly(form);
  const editor = openPad(form, refused || early ? typedBefore(form) : form.querySelector("[data-assembly-html]").innerHTML);
  const saver = new Saver(form, editor);
  if (early) saver.wantsSaving();
  editor.on("update", () => saver.later());
  takeNotes(editor);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saver.now();
  });
}

// Notes of the sitting go to the end of the text, at the writer's click; the text that stands there is left alone.
function takeNotes(editor) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-assembly-take]");
    if (!link) return;
    event.preventDefault();
    const noted = document.querySelector(`[data-assembly-note-text="${CSS.escape(link.dataset.assemblyTake)}"]`);
    const lines = noted.innerText.split("\n").map((line) => line.trim()).filter(Boolean);
    const paragraphs = lines.map((text) => ({ type: "paragraph", content: [{ type: "text", text }] }));
    editor.chain().insertContentAt(editor.state.doc.content.size, paragraphs).focus("end").scrollIntoView().run();
  });
}
