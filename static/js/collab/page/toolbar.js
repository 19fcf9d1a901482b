// The toolbar above the text: labelled buttons, pressed when they apply. It is one tab stop; arrow keys move along it.
import { allowedAddress } from "../schema/marks.js";
import { addRecommendation, moveRecommendation, removeRecommendation } from "../text/recommendations.js";

const COMMANDS = {
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
const RECOMMENDATION_COMMANDS = {
  recommendation: addRecommendation,
  "recommendation-cut": removeRecommendation,
  "recommendation-up": (editor) => moveRecommendation(editor, -1),
  "recommendation-down": (editor) => moveRecommendation(editor, 1),
};
const ACTIVE_NODES = { bold: "bold", italic: "italic", list: "bulletList", heading: "heading", quote: "blockquote", link: "link" };
const BOX_NODES = { heading: "heading", list: "listItem", table: "table", recommendation: "recommendation" };

export class Toolbar {
  constructor(tools, editor, { comment }) {
    Object.assign(this, { tools, editor, comment });
    this.bar = tools.querySelector("[role=toolbar]");
    this.buttons = [...this.bar.querySelectorAll("button")];
    this.boxes = Object.fromEntries([...tools.querySelectorAll("[data-assembly-box]")].map((box) => [box.dataset.assemblyBox, box]));
    tools.hidden = false;
    tools.addEventListener("click", (event) => this.#runAction(event.target.closest("button[data-do]")?.dataset.do));
    // Keep the selection of the text: phones would drop it with the focus.
    this.bar.addEventListener("mousedown", (event) => event.preventDefault());
    this.bar.addEventListener("keydown", (event) => this.#moveFocus(event));
    this.buttons.forEach((button, index) => (button.tabIndex = index ? -1 : 0));
    this.boxes.link.addEventListener("submit", (event) => this.#link(event));
    this.boxes.note.addEventListener("submit", (event) => this.#note(event));
    editor.on("transaction", () => this.#refresh());
    this.#refresh();
  }

  /** Show the buttons that `mode` allows: a reader may only comment, and a move cannot be suggested. */
  limit(mode) {
    const mayType = mode !== "read";
    for (const move of this.boxes.recommendation.querySelectorAll("[data-assembly-move]")) move.hidden = mode !== "write";
    for (const button of this.buttons)
      if (!["comment", "more"].includes(button.dataset.do)) button.hidden = !mayType;
    this.mayType = mayType;
    this.#setTabStop(this.buttons.find((button) => !button.hidden));
    this.#refresh();
  }

  focus() {
    this.buttons.find((button) => button.tabIndex === 0)?.focus();
  }

  #runAction(action) {
    if (!action) return;
    if (action === "comment") this.comment();
    else if (action === "more") this.#toggleMore();
    else if (action === "link" || action === "note") this.#open(action);
    else if (RECOMMENDATION_COMMANDS[action]) RECOMMENDATION_COMMANDS[action](this.editor);
    else {
      COMMANDS[action](this.editor.chain().focus()).run();
      for (const name of ["link", "note"]) if (action === `${name}-cut`) this.#close(name);
    }
  }

  #toggleMore() {
    const open = this.bar.classList.toggle("is-open");
    const more = this.#button("more");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? "Moins" : "Plus";
  }

  #button(action) {
    return this.bar.querySelector(`[data-do=${action}]`);
  }

  #open(name) {
    const box = this.boxes[name];
    if (!box.hidden) return this.#close(name);
    const input = box.querySelector("input");
    const { selection } = this.editor.state;
    const noteText = selection.node?.type.name === "footnote" ? selection.node.attrs.text : "";
    input.value = name === "link" ? (this.editor.getAttributes("link").href ?? "") : noteText;
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
    const address = this.boxes.link.querySelector("input").value.trim();
    this.#close("link");
    if (!address) return this.editor.commands.focus();
    const href = allowedAddress(address) ? address : `https://${address.replace(/^[a-z]+:\/*/i, "")}`;
    const chain = this.editor.chain().focus().extendMarkRange("link");
    if (this.editor.state.selection.empty && !this.editor.isActive("link"))
      chain.insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href } }] }).run();
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

  #moveFocus(event) {
    const visible = this.buttons.filter((button) => button.checkVisibility());
    const current = visible.indexOf(document.activeElement);
    const index = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: -1 }[event.key];
    if (index === undefined) return;
    event.preventDefault();
    const next = visible.at(index % visible.length);
    this.#setTabStop(next);
    next.focus();
  }

  #setTabStop(tabStop) {
    for (const button of this.buttons) button.tabIndex = button === tabStop ? 0 : -1;
  }

  #refresh() {
    for (const [action, name] of Object.entries(ACTIVE_NODES))
      this.#button(action).setAttribute("aria-pressed", String(this.editor.isActive(name)));
    for (const [box, name] of Object.entries(BOX_NODES)) this.boxes[box].hidden = !this.mayType || !this.editor.isActive(name);
  }
}
