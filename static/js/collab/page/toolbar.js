// The bar above the text: a word on each button, pressed when it applies; one stop of the keyboard, arrows walk along it.
import { allowedAddress } from "../schema/marks.js";
import { addRecommendation, moveRecommendation, removeRecommendation } from "../text/recommendations.js";

const ACTS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  heading: (chain) => chain.toggleHeading({ level: 2 }),
  "heading-2": (chain) => chain.setHeading({ level: 2 }),
  "heading-3": (chain) => chain.setHeading({ level: 3 }),
  "heading-4": (chain) => chain.setHeading({ level: 4 }),
  list: (chain) => chain.toggleBulletList(),
  numbers: (chain) => chain.toggleOrderedList(),
  sink: (chain) => chain.sinkListItem("listItem"),
  lift: (chain) => chain.liftListItem("listItem"),
  quote: (chain) => chain.toggleBlockquote(),
  table: (chain) => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
  row: (chain) => chain.addRowAfter(),
  column: (chain) => chain.addColumnAfter(),
  "row-cut": (chain) => chain.deleteRow(),
  "column-cut": (chain) => chain.deleteColumn(),
  "table-cut": (chain) => chain.deleteTable(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
  "link-cut": (chain) => chain.extendMarkRange("link").unsetMark("link"),
  "note-cut": (chain) => chain.deleteSelection(),
};
const WHOLE = {
  recommendation: addRecommendation,
  "recommendation-cut": removeRecommendation,
  "recommendation-up": (editor) => moveRecommendation(editor, -1),
  "recommendation-down": (editor) => moveRecommendation(editor, 1),
};
const PRESSED = { bold: "bold", italic: "italic", list: "bulletList", heading: "heading", quote: "blockquote", link: "link" };
const WITHIN = { heading: "heading", list: "listItem", table: "table", recommendation: "recommendation" };

export class Toolbar {
  constructor(tools, editor, { comment }) {
    Object.assign(this, { tools, editor, comment });
    this.bar = tools.querySelector("[role=toolbar]");
    this.buttons = [...this.bar.querySelectorAll("button")];
    this.boxes = Object.fromEntries([...tools.querySelectorAll("[data-assembly-box]")].map((box) => [box.dataset.assemblyBox, box]));
    tools.hidden = false;
    tools.addEventListener("click", (event) => this.#act(event.target.closest("button[data-do]")?.dataset.do));
    // A press keeps the selection of the text: phones would drop it with the focus.
    this.bar.addEventListener("mousedown", (event) => event.preventDefault());
    this.bar.addEventListener("keydown", (event) => this.#walk(event));
    this.buttons.forEach((button, place) => (button.tabIndex = place ? -1 : 0));
    this.boxes.link.addEventListener("submit", (event) => this.#link(event));
    this.boxes.note.addEventListener("submit", (event) => this.#note(event));
    editor.on("transaction", () => this.#show());
    this.#show();
  }

  /** Only what the mode allows may be pressed: a reader comments, and nothing else; a move cannot be suggested. */
  limit(mode) {
    const mayType = mode !== "read";
    for (const move of this.boxes.recommendation.querySelectorAll("[data-assembly-move]")) move.hidden = mode !== "write";
    for (const button of this.buttons)
      if (!["comment", "more"].includes(button.dataset.do)) button.hidden = !mayType;
    this.mayType = mayType;
    this.#stop(this.buttons.find((button) => !button.hidden));
    this.#show();
  }

  focus() {
    this.buttons.find((button) => button.tabIndex === 0)?.focus();
  }

  #act(what) {
    if (!what) return;
    if (what === "comment") this.comment();
    else if (what === "more") this.#unfold();
    else if (what === "link" || what === "note") this.#open(what);
    else if (WHOLE[what]) WHOLE[what](this.editor);
    else {
      ACTS[what](this.editor.chain().focus()).run();
      for (const name of ["link", "note"]) if (what === `${name}-cut`) this.#close(name);
    }
  }

  #unfold() {
    const open = this.bar.classList.toggle("is-open");
    const more = this.#button("more");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? "Moins" : "Plus";
  }

  #button(what) {
    return this.bar.querySelector(`[data-do=${what}]`);
  }

  #open(name) {
    const box = this.boxes[name];
    if (!box.hidden) return this.#close(name);
    const input = box.querySelector("input");
    const { selection } = this.editor.state;
    const noted = selection.node?.type.name === "footnote" ? selection.node.attrs.text : "";
    input.value = name === "link" ? (this.editor.getAttributes("link").href ?? "") : noted;
    box.hidden = false;
    this.#button(name).setAttribute("aria-expanded", "true");
    input.focus();
  }

  #close(name) {
    this.boxes[name].hidden = true;
    this.#button(name).setAttribute("aria-expanded", "false");
  }

  #link(event) {
    event.preventDefault();
    const typed = this.boxes.link.querySelector("input").value.trim();
    this.#close("link");
    if (!typed) return this.editor.commands.focus();
    const href = allowedAddress(typed) ? typed : `https://${typed.replace(/^[a-z]+:\/*/i, "")}`;
    const chain = this.editor.chain().focus().extendMarkRange("link");
    if (this.editor.state.selection.empty && !this.editor.isActive("link"))
      chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setMark("link", { href }).run();
  }

  #note(event) {
    event.preventDefault();
    const text = this.boxes.note.querySelector("input").value.trim();
    this.#close("note");
    const { selection } = this.editor.state;
    const chain = this.editor.chain().focus();
    if (!text) return chain.run();
    if (selection.node?.type.name !== "footnote") chain.setTextSelection(selection.to);
    chain.insertContent({ type: "footnote", attrs: { text } }).run();
  }

  #walk(event) {
    const shown = this.buttons.filter((button) => button.checkVisibility());
    const at = shown.indexOf(document.activeElement);
    const place = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const next = shown.at(place % shown.length);
    this.#stop(next);
    next.focus();
  }

  #stop(stop) {
    for (const button of this.buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  #show() {
    for (const [what, name] of Object.entries(PRESSED))
      this.#button(what).setAttribute("aria-pressed", String(this.editor.isActive(name)));
    for (const [box, name] of Object.entries(WITHIN)) this.boxes[box].hidden = !this.mayType || !this.editor.isActive(name);
  }
}
