// The room display before the names: one slide at a time, changed by keys, clicks or a presenter's remote.
import { onPresenterKeys } from "./modules/presenter_keys.js";

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
onPresenterKeys({ step: (by) => show(current + by), restart: () => show(0) });
document.querySelector("[data-assembly-slides]").setAttribute("aria-live", "polite");
show(0);
