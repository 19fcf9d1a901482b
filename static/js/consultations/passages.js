// The selection in an answer becomes the passage of a comment. The form below does the same without this script.
const form = document.querySelector("[data-assembly-comment]");
const button = document.querySelector("[data-assembly-comment-passage]");
let selected = { box: null, text: "" };

const boxOf = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[data-assembly-passage]");

function showButton() {
  const selection = getSelection();
  const box = boxOf(selection.anchorNode);
  const text = selection.toString().trim();
  if (!text || !box || box !== boxOf(selection.focusNode)) return;
  selected = { box, text };
  if (button.previousElementSibling !== box) box.after(button);
  button.hidden = false;
}

function comment() {
  form.elements.field.value = selected.box.dataset.assemblyPassage;
  form.elements.quote.value = selected.text;
  form.closest("details").open = true;
  form.elements.body.focus();
  button.hidden = true;
}

if (form) {
  document.addEventListener("selectionchange", showButton);
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", comment);
}
