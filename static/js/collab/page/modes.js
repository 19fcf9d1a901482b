// « Je lis », « Je propose », « J’écris »: what one's keys do, never more than one's right.
import { RIGHTS } from "./settings.js";

const NEEDS = { read: RIGHTS.read, suggest: RIGHTS.suggest, write: RIGHTS.write };

/** The mode that lets one do most with this right. */
export const highestMode = (right) => Object.keys(NEEDS).findLast((mode) => right >= NEEDS[mode]) ?? "read";

export class Modes {
  constructor(root, right, changed) {
    this.group = document.querySelector("[data-assembly-modes]");
    this.words = [...root.querySelectorAll("[data-assembly-mode-words]")];
    this.changed = changed;
    this.mode = highestMode(right);
    if (this.group) {
      this.group.hidden = false;
      this.group.addEventListener("change", (event) => this.choose(event.target.value));
    }
    this.limit(right);
  }

  choose(mode) {
    this.mode = mode;
    for (const words of this.words) words.hidden = words.dataset.assemblyModeWords !== mode;
    for (const radio of this.#radios()) radio.checked = radio.value === mode;
    this.changed(mode);
  }

  /** A right that shrinks takes its modes away at once. */
  limit(right) {
    for (const radio of this.#radios()) radio.disabled = right < NEEDS[radio.value];
    this.choose(right < NEEDS[this.mode] ? highestMode(right) : this.mode);
  }

  /** Nothing more is done on this page. */
  end() {
    for (const part of [...this.words, this.group]) if (part) part.hidden = true;
  }

  #radios() {
    return this.group?.querySelectorAll("input") ?? [];
  }
}
