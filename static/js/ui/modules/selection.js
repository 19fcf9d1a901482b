// Ticked rows of a list (ui/selection.html): shows their number; one box ticks all; Shift ticks the rows in between.
let lastTicked = null;

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.form;
  if (box.type !== "checkbox" || !form?.matches("[data-assembly-selection]")) return;
  const boxes = boxesOf(form);
  if (box.matches("[data-assembly-all]")) boxes.forEach((other) => (other.checked = box.checked));
  else if (event.shiftKey && boxes.includes(lastTicked)) {
    const ends = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(ends[0], ends[1] + 1).forEach((other) => (other.checked = box.checked));
  }
  lastTicked = box;
  updateCount(form);
});

// The browser restores ticked boxes after « Précédent ».
addEventListener("pageshow", () => document.querySelectorAll("form[data-assembly-selection]").forEach(updateCount));

function boxesOf(form) {
  return [...form.elements].filter((other) => other.name === "ligne");
}

function updateCount(form) {
  const boxes = boxesOf(form);
  const count = boxes.filter((other) => other.checked).length;
  const labels = form.dataset.assemblySelection.split("|");
  form.querySelector("[role=status]").textContent = labels[Math.min(count, 2)].replace("2", count);
  const all = form.querySelector("[data-assembly-all]");
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
}
