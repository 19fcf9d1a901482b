// Keys of a presentation, a presenter's remote included: one step on, one back, or to the beginning.
const NEXT = new Set(["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]);
const PREVIOUS = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);

/** Call `step` with 1 or -1, or `restart`, when such a key is pressed; a focused button or link keeps its own keys. */
export function onPresenterKeys({ step, restart }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("button, a") && (event.key === " " || event.key === "Enter")) return;
    if (NEXT.has(event.key)) step(1);
    else if (PREVIOUS.has(event.key)) step(-1);
    else if (event.key === "Home") restart();
    else return;
    event.preventDefault();
  });
}
