// The comments on a phone: a sheet over the foot of the text. The passage in question stands above it, and « Suivant » walks
// from one to the next. Elsewhere the same list stands beside the text.
import { rangesOf } from "../text/anchors.js";

const ABOVE = 24; // pixels between the top of the window and the passage

export class Sheet {
  constructor(session) {
    this.session = session;
    this.box = document.querySelector("[data-assembly-sheet]");
    this.next = this.box.querySelector("[data-assembly-sheet-next]");
    this.next.addEventListener("click", () => this.#showNext());
    // The button leaves the focus in the text, so that closing gives the cursor back to whoever was writing.
    document.querySelector("[data-assembly-sheet-open]").addEventListener("mousedown", (event) => event.preventDefault());
    this.box.addEventListener("beforetoggle", (event) => event.newState === "open" && this.#start());
    this.box.addEventListener("toggle", (event) => event.newState === "closed" && this.#end());
  }

  get isOpen() {
    return this.box.matches(":popover-open");
  }

  /** Open the sheet where the list does not stand beside the text. */
  open() {
    if (!this.isOpen && !this.box.checkVisibility()) this.box.showPopover();
  }

  close() {
    if (this.isOpen) this.box.hidePopover();
  }

  /** Show the passage of this mark above the sheet, without the keyboard that a focused text would open. */
  show(id) {
    const { view } = this.session.editor;
    const ranges = rangesOf(view.state.doc, id);
    if (!ranges.length) return;
    scrollBy({ top: view.coordsAtPos(ranges[0].from).top - ABOVE, behavior: "instant" });
    highlightPassage(view, ranges);
    this.shown = id;
  }

  #start() {
    this.shown = null;
    this.next.hidden = this.#links().length < 2;
    this.wasWriting = Boolean(this.session.editor?.isFocused);
    if (this.wasWriting) document.activeElement.blur(); // the keyboard makes room
  }

  #end() {
    CSS.highlights?.delete("passage");
    if (this.wasWriting) this.session.editor?.commands.focus();
  }

  #links() {
    return [...this.box.querySelectorAll("[data-assembly-goto]")].filter((link) => !link.closest("details:not([open])"));
  }

  #showNext() {
    const links = this.#links();
    const current = links.findIndex((link) => link.dataset.assemblyGoto === this.shown);
    const link = links[(current + 1) % links.length];
    if (!link) return;
    link.closest("li").scrollIntoView({ block: "nearest" });
    link.focus({ preventScroll: true });
    this.show(link.dataset.assemblyGoto);
  }
}

function highlightPassage(view, ranges) {
  if (!window.Highlight) return;
  const passages = ranges.map(({ from, to }) => {
    const [start, end] = [view.domAtPos(from, 1), view.domAtPos(to, -1)];
    const range = document.createRange();
    range.setStart(start.node, start.offset);
    range.setEnd(end.node, end.offset);
    return range;
  });
  CSS.highlights.set("passage", new Highlight(...passages));
}
