// A list of boxes to tick: its buttons say how many are, and two links tick all or none without leaving the page.
const boxes = (form) => [...form.querySelectorAll("input[type=checkbox]")];

function count(form) {
  const ticked = boxes(form).filter((box) => box.checked).length;
  for (const button of form.querySelectorAll("button[data-many]")) {
    const { none, one, many } = button.dataset;
    button.textContent = ticked === 0 ? none : ticked === 1 ? one : many.replace("#", ticked);
  }
}

for (const form of document.querySelectorAll("form[data-assembly-choice]")) {
  form.addEventListener("change", () => count(form));
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-assembly-tick]");
    if (!link) return;
    event.preventDefault();
    for (const box of boxes(form)) box.checked = link.dataset.assemblyTick === "all";
    count(form);
  });
  count(form);
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-assembly-choice]").forEach(count));
