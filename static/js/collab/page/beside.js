// The list beside the text: it follows the marks of the text, and leads to each passage and back.
import { namesAt, namesIn, rangesOf } from "../text/anchors.js";
import { giveBack, isHalfWritten, take } from "./half_written.js";

const AFTER = 1200;
const NOW_AND_THEN = 30_000;
const NO_PLACE = "La liste a changé pendant que vous écriviez : vos mots ne sont pas envoyés. Vous pouvez les copier :";

export class Beside {
  constructor(session) {
    this.session = session;
    this.list = document.querySelector("[data-assembly-beside]");
    if (!this.list) return;
    document.addEventListener("click", (event) => this.#go(event));
    this.list.addEventListener("htmx:beforeSwap", (event) => this.#swaps(event.detail));
    this.list.addEventListener("htmx:afterSwap", () => this.#swapped());
    setInterval(() => document.visibilityState === "visible" && this.refresh(), NOW_AND_THEN);
  }

  /** A comment or a suggestion came or went: ask the server for the list, once things are calm. */
  follow(doc) {
    const names = namesIn(doc);
    if (names === this.names) return;
    const first = this.names === undefined;
    this.names = names;
    if (!first) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), AFTER);
  }

  /** Never under somebody's hands: words half written in the list stay. */
  refresh() {
    if (!this.list || this.#isBusy()) return this.list && this.later();
    this.list.dispatchEvent(new CustomEvent("assembly:text-changed"));
  }

  /** Hands may have come while the list was on its way; an answer to one form leaves the words of the others. */
  #swaps(detail) {
    const { elt } = detail.requestConfig;
    if (elt === this.list && this.#isInUse()) {
      detail.shouldSwap = false;
      this.later();
    } else this.taken = take(this.list, detail.isError ? null : elt);
  }

  #swapped() {
    const gone = giveBack(this.list, this.taken);
    if (gone.length) this.list.before(keptForCopying(gone));
  }

  #isBusy() {
    return Boolean(this.session.connection?.waits) || this.#isInUse();
  }

  #isInUse() {
    const { activeElement } = document;
    return isHalfWritten(this.list)
      || this.list.contains(activeElement) && activeElement.matches("textarea, input, select, details[open] *");
  }

  #go(event) {
    const id = event.target.closest("[data-assembly-goto]")?.dataset.assemblyGoto;
    const { editor } = this.session;
    const [first, ...others] = id && editor ? rangesOf(editor.state.doc, id) : [];
    if (!first) return;
    event.preventDefault();
    const { to } = others.at(-1) ?? first;
    editor.chain().setTextSelection({ from: first.from, to }).focus(null, { scrollIntoView: true }).run();
  }

  /** Show which entry speaks of the words under the cursor. */
  point(state) {
    const names = namesAt(state);
    for (const link of this.list?.querySelectorAll("[data-assembly-goto]") ?? [])
      link.closest("li")?.classList.toggle("on", names.has(link.dataset.assemblyGoto));
  }
}

/** Outside the list, which comes anew. */
function keptForCopying(words) {
  const box = document.createElement("div");
  box.className = "alert alert-late";
  box.setAttribute("role", "alert");
  for (const line of [NO_PLACE, ...words].join("\n").split("\n")) {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    box.append(paragraph);
  }
  return box;
}
