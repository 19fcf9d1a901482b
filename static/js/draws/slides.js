// The wall: one slide at a time, turned by keys, clicks or a presenter's remote. Nothing is fetched: the page holds all.
const NEXT = new Set(["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]);
const PREVIOUS = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);

const slides = [...document.querySelectorAll("[data-assembly-slides] > .slide")];
const number = document.querySelector("[data-assembly-slide-number]");
let shown = 0;

function show(index) {
  shown = Math.min(Math.max(index, 0), slides.length - 1);
  slides.forEach((slide, place) => { slide.hidden = place !== shown; });
  number.textContent = `${shown + 1} / ${slides.length}`;
}

document.querySelectorAll("[data-assembly-slide]").forEach((button) => {
  button.addEventListener("click", () => show(shown + Number(button.dataset.assemblySlide)));
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("button, a") && (event.key === " " || event.key === "Enter")) return;
  if (NEXT.has(event.key)) show(shown + 1);
  else if (PREVIOUS.has(event.key)) show(shown - 1);
  else if (event.key === "Home") show(0);
  else return;
  event.preventDefault();
});
document.querySelector("[data-assembly-slides]").setAttribute("aria-live", "polite");
show(0);
