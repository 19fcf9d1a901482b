// The room display: one slide at a time, changed by keys, clicks or a presenter's remote. The page has all slides.
const NEXT = new Set(["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]);
const PREVIOUS = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);

const slides = [...document.querySelectorAll("[data-assembly-slides] > .slide")];
const number = document.querySelector("[data-assembly-slide-number]");
let current = 0;

function show(index) {
  current = Math.min(Math.max(index, 0), slides.length - 1);
  slides.forEach((slide, position) => { slide.hidden = position !== current; });
  number.textContent = `${current + 1} / ${slides.length}`;
}

document.querySelectorAll("[data-assembly-slide]").forEach((button) => {
  button.addEventListener("click", () => show(current + Number(button.dataset.assemblySlide)));
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("button, a") && (event.key === " " || event.key === "Enter")) return;
  if (NEXT.has(event.key)) show(current + 1);
  else if (PREVIOUS.has(event.key)) show(current - 1);
  else if (event.key === "Home") show(0);
  else return;
  event.preventDefault();
});
document.querySelector("[data-assembly-slides]").setAttribute("aria-live", "polite");
show(0);
