// Drag a line of an outline by its handle, with a mouse, a pen or a finger; a point takes its sub-points along.

function blockOf(row) {
  const rows = [row];
  if (row.dataset.depth === "0")
    for (let next = row.nextElementSibling; next?.dataset.depth === "1"; next = next.nextElementSibling) rows.push(next);
  return rows;
}

/** The line before which the block would fall: null at the end, undefined on itself. */
function target(list, block, y) {
  const others = [...list.children].filter((row) => !block.includes(row) && row.dataset.key);
  const free = block[0].dataset.depth === "1" ? others.slice(1) : others.filter((row) => row.dataset.depth === "0");
  return free.find((row) => {
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2;
  }) ?? null;
}

/** `drop(order)` is told the order that the lines would have, « 12:0,15:1 ». */
export function dragging(list, drop) {
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-assembly-handle]");
    const row = handle?.closest("li");
    if (!row?.dataset.key || event.button) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const block = blockOf(row);
    let before;
    const mark = () => {
      for (const other of list.children) {
        other.classList.toggle("dragged", before !== undefined && block.includes(other));
        other.classList.toggle("drop-before", before === other);
      }
      list.classList.toggle("drop-last", before === null);
    };
    const move = ({ clientY }) => {
      before = target(list, block, clientY);
      mark();
    };
    const end = ({ type }) => {
      handle.removeEventListener("pointermove", move);
      const chosen = type === "pointerup" ? before : undefined;
      before = undefined;
      mark();
      if (chosen === undefined) return;
      const rows = [...list.children].filter((other) => other.dataset.key && !block.includes(other));
      rows.splice(chosen ? rows.indexOf(chosen) : rows.length, 0, ...block);
      drop(rows.map((other) => `${other.dataset.key}:${other.dataset.depth}`).join(","));
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end, { once: true });
    handle.addEventListener("pointercancel", end, { once: true });
  });
}
