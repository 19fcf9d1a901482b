// Ticked rows of a list (ui/selection.html). The bar appears with the first tick; each of its buttons says to how many of the
// ticked rows it applies, and is hidden where that is none. Space ticks, Shift extends, arrows go from row to row, Enter opens
// the row, Escape unticks.
const FORM = "form[data-assembly-selection]";
let lastTicked = null;

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.form;
  if (!form?.matches(FORM)) return;
  if (box.matches("[data-assembly-untick]")) untick(form);
  else if (box.matches(".sheet-btn")) openSheet(box, box.getAttribute("aria-expanded") !== "true");
  if (box.type !== "checkbox") return;
  const boxes = boxesOf(form);
  if (box.matches("[data-assembly-all]")) boxes.forEach((other) => (other.checked = box.checked));
  else if (event.shiftKey && boxes.includes(lastTicked)) {
    const ends = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(ends[0], ends[1] + 1).forEach((other) => (other.checked = box.checked));
  }
  if (boxes.includes(box)) lastTicked = box;
  updateBar(form);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") leaveSelection(event);
  const box = event.target;
  if (box.name !== "ligne" || !box.form?.matches(FORM)) return;
  const boxes = boxesOf(box.form);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step && event.key !== "Enter") return;
  event.preventDefault();
  if (step) boxes[boxes.indexOf(box) + step]?.focus();
  else {
    const row = box.closest("tr, li");
    (row?.querySelector(".opener") ?? row?.querySelector("a[href]"))?.click();
  }
});

// The browser restores ticked boxes after « Précédent ».
addEventListener("pageshow", () => document.querySelectorAll(FORM).forEach(updateBar));
// A script that changed what applies to a row, or ticked one.
document.addEventListener("assembly:ticked", () => document.querySelectorAll(FORM).forEach(updateBar));

function boxesOf(form) {
  return [...form.elements].filter((other) => other.name === "ligne");
}

function leaveSelection(event) {
  const form = document.querySelector(`${FORM}[data-assembly-chosen]`);
  if (!form || document.querySelector("dialog[open]") || event.target.matches?.("input:not([type=checkbox]), textarea, select")) return;
  const opened = form.querySelector(".sheet-btn[aria-expanded=true]");
  if (opened) openSheet(opened, false);
  else untick(form);
}

function untick(form) {
  const boxes = boxesOf(form);
  boxes.forEach((box) => (box.checked = false));
  if (form.contains(document.activeElement)) (boxes.includes(lastTicked) ? lastTicked : boxes[0])?.focus();
  updateBar(form);
}

function openSheet(button, isOpen) {
  button.setAttribute("aria-expanded", isOpen);
  if (isOpen) button.form.querySelector("[name=acte]:not([hidden])")?.focus();
  else button.focus();
}

function updateBar(form) {
  const boxes = boxesOf(form);
  const ticked = boxes.filter((other) => other.checked);
  const count = ticked.length;
  form.toggleAttribute("data-assembly-chosen", count > 0);
  const labels = form.dataset.assemblySelection.split("|");
  form.querySelector("[role=status]").textContent = labels[Math.min(count, 2)].replace("2", count);
  for (const all of [...form.elements].filter((other) => other.matches("[data-assembly-all]"))) {
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
  const acts = [...form.querySelectorAll("[data-assembly-rows]")];
  for (const act of acts) showAct(act, ticked);
  const none = form.querySelector("[data-assembly-no-act]");
  if (none) none.hidden = acts.some((act) => !act.hidden);
  const sheet = form.querySelector(".sheet-btn");
  if (!sheet) return;
  sheet.hidden = acts.every((act) => act.hidden);
  sheet.textContent = count > 1 ? `Agir sur les ${count}` : "Agir sur la ligne";
  if (!count) sheet.setAttribute("aria-expanded", "false");
}

function showAct(act, ticked) {
  act.dataset.label ??= act.textContent.trim();
  const rows = act.dataset.assemblyRows.split(" ");
  const count = ticked.filter((box) => rows.includes(box.value)).length;
  act.hidden = !count;
  act.textContent = `${act.dataset.label} (${count === ticked.length ? count : `${count} sur ${ticked.length}`})`;
}
