// Drag a line of an outline by its handle, with a mouse, a pen or a finger; the sub-points of a point move with it.

function blockOf(row) {
  const rows = [row];
  if (row.dataset.depth === "0")
    for (let next = row.nextElementSibling; next?.dataset.depth === "1"; next = next.nextElementSibling) rows.push(next);
  return rows;
}

/** Return the line before which the block would be dropped, or null at the end. */
function rowBelow(list, block, y) {
  const others = [...list.children].filter((row) => !block.includes(row) && row.dataset.key);
  const candidates = block[0].dataset.depth === "1" ? others.slice(1) : others.filter((row) => row.dataset.depth === "0");
  return candidates.find((row) => {
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2;
  }) ?? null;
}

/** Call `onDrop(order)` with the order that the lines would have, « 12:0,15:1 ». */
export function enableDrag(list, onDrop) {
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
    const onMove = ({ clientY }) => {
      before = rowBelow(list, block, clientY);
      mark();
    };
    const onEnd = ({ type }) => {
      handle.removeEventListener("pointermove", onMove);
      const destination = type === "pointerup" ? before : undefined;
      before = undefined;
      mark();
      if (destination === undefined) return;
      const rows = [...list.children].filter((other) => other.dataset.key && !block.includes(other));
      rows.splice(destination ? rows.indexOf(destination) : rows.length, 0, ...block);
      onDrop(rows.map((other) => `${other.dataset.key}:${other.dataset.depth}`).join(","));
    };
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("pointerup", onEnd, { once: true });
    handle.addEventListener("pointercancel", onEnd, { once: true });
  });
}
