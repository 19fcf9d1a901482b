// What is selected in an answer becomes the passage of a comment. The form below does the same without this script.
const form = document.querySelector("[data-assembly-comment]");
const button = document.querySelector("[data-assembly-comment-passage]");
let chosen = { box: null, words: "" };

const boxOf = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[data-assembly-passage]");

function look() {
  const selection = getSelection();
  const box = boxOf(selection.anchorNode);
  const words = selection.toString().trim();
  if (!words || !box || box !== boxOf(selection.focusNode)) return;
  chosen = { box, words };
  if (button.previousElementSibling !== box) box.after(button);
  button.hidden = false;
}

function comment() {
  form.elements.field.value = chosen.box.dataset.assemblyPassage;
  form.elements.quote.value = chosen.words;
  form.closest("details").open = true;
  form.elements.body.focus();
  button.hidden = true;
}

if (form) {
  document.addEventListener("selectionchange", look);
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", comment);
}
