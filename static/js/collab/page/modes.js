// The modes « Je lis », « Je propose », « J’écris »: what typing does, within the right of the user.
import { RIGHTS } from "./settings.js";

const NEEDED_RIGHTS = { read: RIGHTS.read, suggest: RIGHTS.suggest, write: RIGHTS.write };

/** Return the mode that allows most with this right. */
export const highestMode = (right) => Object.keys(NEEDED_RIGHTS).findLast((mode) => right >= NEEDED_RIGHTS[mode]) ?? "read";

export class Modes {
  constructor(root, right, onChange) {
    this.group = document.querySelector("[data-assembly-modes]");
    this.descriptions = [...root.querySelectorAll("[data-assembly-mode-text]")];
    this.onChange = onChange;
    this.mode = highestMode(right);
    if (this.group) {
      this.group.hidden = false;
      this.group.addEventListener("change", (event) => this.choose(event.target.value));
    }
    this.limit(right);
  }

  choose(mode) {
    this.mode = mode;
    for (const description of this.descriptions) description.hidden = description.dataset.assemblyModeText !== mode;
    for (const radio of this.#radios()) radio.checked = radio.value === mode;
    this.onChange(mode);
  }

  /** Disable the modes that `right` does not allow, and leave the current one if it is among them. */
  limit(right) {
    for (const radio of this.#radios()) radio.disabled = right < NEEDED_RIGHTS[radio.value];
    this.choose(right < NEEDED_RIGHTS[this.mode] ? highestMode(right) : this.mode);
  }

  hide() {
    for (const part of [...this.descriptions, this.group]) if (part) part.hidden = true;
  }

  #radios() {
    return this.group?.querySelectorAll("input") ?? [];
  }
}
