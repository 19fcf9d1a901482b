// Keys in the table of the calendar: arrows change the cell, Entrée opens its first line, N adds. One cell is a tab stop.
const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function start() {
  const table = document.querySelector("[data-assembly-calendar]");
  if (!table || table.dataset.assemblyReady) return;
  table.dataset.assemblyReady = "yes";
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")]);
  const cells = rows.flat();
  const hint = document.createElement("span");
  hint.textContent = table.dataset.assemblyCalendar;
  document.querySelector(".calendar-note")?.append(hint);
  for (const cell of cells) cell.tabIndex = -1;
  if (cells[0]) cells[0].tabIndex = 0;

  function focus(cell) {
    for (const each of cells) each.tabIndex = each === cell ? 0 : -1;
    cell.focus();
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target;
    const row = rows.findIndex((each) => each.includes(cell));
    if (row < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in KEYS) {
      const [down, right] = KEYS[event.key];
      const next = rows[row + down]?.[rows[row].indexOf(cell) + right];
      if (next) focus(next);
    } else if (event.key === "Enter") {
      cell.querySelector("a.event, [data-assembly-add]")?.click();
    } else if (event.key.toLowerCase() === "n") {
      cell.querySelector("[data-assembly-add]")?.click();
    } else {
      return;
    }
    event.preventDefault();
  });
}

start();
document.addEventListener("assembly:shown", start);
