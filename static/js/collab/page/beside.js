// The list beside the text: it follows the marks of the text, and leads to each passage and back.
import { namesAt, namesIn, rangesOf } from "../text/anchors.js";

const AFTER = 1200;
const NOW_AND_THEN = 30_000;

export class Beside {
  constructor(session) {
    this.session = session;
    this.list = document.querySelector("[data-assembly-beside]");
    if (!this.list) return;
    document.addEventListener("click", (event) => this.#go(event));
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

  #isBusy() {
    if (this.session.connection?.waits) return true;
    return [...this.list.querySelectorAll("textarea, input[type=text]")].some((box) => box.value && box.checkVisibility())
      || this.list.contains(document.activeElement) && document.activeElement.matches("textarea, input, select");
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
