// A list of boxes to tick: its buttons show how many are ticked; two links tick all or none without leaving the page.
const boxes = (form) => [...form.querySelectorAll("input[type=checkbox]")];

function updateButtons(form) {
  const count = boxes(form).filter((box) => box.checked).length;
  for (const button of form.querySelectorAll("button[data-many]")) {
    const { none, one, many } = button.dataset;
    button.textContent = count === 0 ? none : count === 1 ? one : many.replace("#", count);
  }
}

for (const form of document.querySelectorAll("form[data-assembly-choice]")) {
  form.addEventListener("change", () => updateButtons(form));
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-assembly-tick]");
    if (!link) return;
    event.preventDefault();
    for (const box of boxes(form)) box.checked = link.dataset.assemblyTick === "all";
    updateButtons(form);
  });
  updateButtons(form);
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-assembly-choice]").forEach(updateButtons));
