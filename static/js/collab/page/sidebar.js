// The sidebar: the list of comments and suggestions of a text. It is fetched again when marks of the text come or go,
// and leads to the passage of each entry.
import { namesAt, namesIn, rangesOf } from "../text/anchors.js";
import { collectInput, hasUnsentInput, restoreInput } from "./unsent_fields.js";

const REFRESH_AFTER_MS = 1200;
const REFRESH_EVERY_MS = 30_000;
const NO_PLACE = "La liste a changé pendant que vous écriviez : vos mots ne sont pas envoyés. Vous pouvez les copier :";

export class Sidebar {
  constructor(session) {
    this.session = session;
    this.list = document.querySelector("[data-assembly-sidebar]");
    if (!this.list) return;
    document.addEventListener("click", (event) => this.#go(event));
    this.list.addEventListener("htmx:beforeSwap", (event) => this.#swaps(event.detail));
    this.list.addEventListener("htmx:afterSwap", () => this.#swapped());
    // Entries come anew without their mark; htmx puts classes back until it has settled.
    this.list.addEventListener("htmx:afterSettle", () => session.editor && this.point(session.editor.state));
    setInterval(() => document.visibilityState === "visible" && this.refresh(), REFRESH_EVERY_MS);
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
    this.timer = setTimeout(() => this.refresh(), REFRESH_AFTER_MS);
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
    } else this.input = collectInput(this.list, detail.isError ? null : elt);
  }

  #swapped() {
    const gone = restoreInput(this.list, this.input);
    if (gone.length) this.list.before(keptForCopying(gone));
  }

  #isBusy() {
    return Boolean(this.session.connection?.waits) || this.#isInUse();
  }

  #isInUse() {
    const { activeElement } = document;
    return hasUnsentInput(this.list)
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
