// The sidebar: the list of comments and suggestions of a text. It is fetched again when marks of the text come or go,
// and leads to the passage of each entry.
import { markIdsAt, markIdsIn, rangesOf } from "../text/anchors.js";
import { collectInput, hasUnsentInput, restoreInput } from "./unsent_fields.js";

const REFRESH_AFTER_MS = 1200;
const REFRESH_EVERY_MS = 30_000;
const UNSENT = "La liste a changé pendant que vous écriviez : vos mots ne sont pas envoyés. Vous pouvez les copier :";

export class Sidebar {
  constructor(session) {
    this.session = session;
    this.list = document.querySelector("[data-assembly-sidebar]");
    if (!this.list) return;
    document.addEventListener("click", (event) => this.#goToPassage(event));
    this.list.addEventListener("htmx:beforeSwap", (event) => this.#beforeSwap(event.detail));
    this.list.addEventListener("htmx:afterSwap", () => this.#afterSwap());
    // New entries have no highlight; htmx restores classes until it has settled.
    this.list.addEventListener("htmx:afterSettle", () => session.editor && this.highlight(session.editor.state));
    setInterval(() => document.visibilityState === "visible" && this.refresh(), REFRESH_EVERY_MS);
  }

  /** Fetch the list again, after a delay, when a comment or a suggestion was added or removed. */
  update(doc) {
    const ids = markIdsIn(doc);
    if (ids === this.ids) return;
    const isFirst = this.ids === undefined;
    this.ids = ids;
    if (!isFirst) this.refreshLater();
  }

  refreshLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), REFRESH_AFTER_MS);
  }

  /** Fetch the list, unless somebody writes in it: then try again later. */
  refresh() {
    if (!this.list || this.#isBusy()) return this.list && this.refreshLater();
    this.list.dispatchEvent(new CustomEvent("assembly:text-changed"));
  }

  /** Keep a list in use as it is; save the input of the other forms before a response to one form replaces them all. */
  #beforeSwap(detail) {
    const { elt } = detail.requestConfig;
    if (elt === this.list && this.#isInUse()) {
      detail.shouldSwap = false;
      this.refreshLater();
    } else this.input = collectInput(this.list, detail.isError ? null : elt);
  }

  #afterSwap() {
    const unplaced = restoreInput(this.list, this.input);
    if (unplaced.length) this.list.before(copyBox(unplaced));
  }

  #isBusy() {
    return Boolean(this.session.connection?.hasUnsent) || this.#isInUse();
  }

  #isInUse() {
    const { activeElement } = document;
    return hasUnsentInput(this.list)
      || this.list.contains(activeElement) && activeElement.matches("textarea, input, select, details[open] *");
  }

  #goToPassage(event) {
    const id = event.target.closest("[data-assembly-goto]")?.dataset.assemblyGoto;
    const { editor } = this.session;
    const [passage, ...others] = id && editor ? rangesOf(editor.state.doc, id) : [];
    if (!passage) return;
    event.preventDefault();
    if (this.session.sheet.isOpen) return void this.session.sheet.show(id);
    const { to } = others.at(-1) ?? passage;
    editor.chain().setTextSelection({ from: passage.from, to }).focus(null, { scrollIntoView: true }).run();
  }

  /** Highlight the entries about the text at the cursor. */
  highlight(state) {
    const ids = markIdsAt(state);
    for (const link of this.list?.querySelectorAll("[data-assembly-goto]") ?? [])
      link.closest("li")?.classList.toggle("on", ids.has(link.dataset.assemblyGoto));
  }
}

/** A box outside the list, which is replaced. */
function copyBox(texts) {
  const box = document.createElement("div");
  box.className = "alert alert-late";
  box.setAttribute("role", "alert");
  for (const line of [UNSENT, ...texts].join("\n").split("\n")) {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    box.append(paragraph);
  }
  return box;
}
