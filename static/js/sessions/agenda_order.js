// Reorder the agenda with the mouse. The buttons of each line do the same without it.

import htmx from "htmx.org";

const list = () => document.querySelector("[data-assembly-agenda-order]");
let dragged = [];

function blockOf(line) {
  const lines = [line];
  if (line.dataset.depth === "0") {
    let next = line.nextElementSibling;
    while (next && next.dataset.depth === "1") {
      lines.push(next);
      next = next.nextElementSibling;
    }
  }
  return lines;
}

function prepare(root) {
  for (const line of root.querySelectorAll("li[data-pk]")) line.draggable = true;
}

function marked(line) {
  for (const other of list().querySelectorAll(".drop-before")) other.classList.remove("drop-before");
  line?.classList.add("drop-before");
}

function lineUnder(event) {
  const line = event.target.closest?.("li[data-pk]");
  return line && list()?.contains(line) && !dragged.includes(line) ? line : null;
}

function save() {
  const root = list();
  const order = [...root.querySelectorAll("li[data-pk]")].map((line) => `${line.dataset.pk}:${line.dataset.depth}`);
  htmx.ajax("POST", root.dataset.assemblyAgendaOrder, {
    target: root,
    swap: "outerHTML",
    values: { order: order.join(",") },
  });
}

document.addEventListener("dragstart", (event) => {
  const line = event.target.closest?.("li[data-pk]");
  if (!line || !list()?.contains(line)) return;
  dragged = blockOf(line);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", line.dataset.pk);
  for (const each of dragged) each.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  if (!dragged.length || !list()?.contains(event.target)) return;
  event.preventDefault();
  marked(lineUnder(event));
});

document.addEventListener("drop", (event) => {
  if (!dragged.length || !list()?.contains(event.target)) return;
  event.preventDefault();
  let before = lineUnder(event);
  if (dragged[0].dataset.depth === "0") {
    while (before && before.dataset.depth === "1") before = before.nextElementSibling;
  }
  for (const line of dragged) list().insertBefore(line, before);
  save();
});

document.addEventListener("dragend", () => {
  for (const line of dragged) line.classList.remove("dragged");
  if (list()) marked(null);
  dragged = [];
});

document.addEventListener("htmx:afterSwap", () => {
  if (list()) prepare(list());
});
if (list()) prepare(list());
