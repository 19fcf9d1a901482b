// Rows ticked on a list (ui/selection.html): how many are told, all are ticked at once, Shift ticks those in between.
let last = null;

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.form;
  if (box.type !== "checkbox" || !form?.matches("[data-assembly-selection]")) return;
  const boxes = boxesOf(form);
  if (box.matches("[data-assembly-all]")) boxes.forEach((each) => (each.checked = box.checked));
  else if (event.shiftKey && boxes.includes(last)) {
    const ends = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(ends[0], ends[1] + 1).forEach((each) => (each.checked = box.checked));
  }
  last = box;
  tell(form);
});

// Boxes that the browser remembers, after « Précédent ».
addEventListener("pageshow", () => document.querySelectorAll("form[data-assembly-selection]").forEach(tell));

function boxesOf(form) {
  return [...form.elements].filter((each) => each.name === "ligne");
}

function tell(form) {
  const boxes = boxesOf(form);
  const count = boxes.filter((each) => each.checked).length;
  const words = form.dataset.assemblySelection.split("|");
  form.querySelector("[role=status]").textContent = words[Math.min(count, 2)].replace("2", count);
  const all = form.querySelector("[data-assembly-all]");
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
}
