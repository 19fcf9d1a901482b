// Inserts the chosen field at the caret of the text. Without this script the fields are typed: the page lists them.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-assembly-insert]");
  if (!button) return;
  const choice = document.getElementById(button.dataset.assemblyInsert);
  const text = document.getElementById(choice.dataset.assemblyField);
  text.setRangeText(choice.value, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});
