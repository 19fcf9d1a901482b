// The bar above the text: a word on each button, pressed when it applies; arrows walk along it.
const ACTS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  list: (chain) => chain.toggleBulletList(),
  heading: (chain) => chain.toggleHeading({ level: 3 }),
  table: (chain) => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
  row: (chain) => chain.addRowAfter(),
  column: (chain) => chain.addColumnAfter(),
  "row-cut": (chain) => chain.deleteRow(),
  "column-cut": (chain) => chain.deleteColumn(),
  "table-cut": (chain) => chain.deleteTable(),
  "link-cut": (chain) => chain.extendMarkRange("link").unsetLink(),
};
const PRESSED = { bold: "bold", italic: "italic", list: "bulletList", heading: "heading", link: "link" };

export function wireToolbar(pad, editor) {
  const bar = pad.querySelector("[role=toolbar]");
  const linkBox = pad.querySelector("[data-assembly-link]");
  const tableBox = pad.querySelector("[data-assembly-table]");
  const address = linkBox.querySelector("input");

  pad.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    const what = button.dataset.do;
    if (what === "link") {
      linkBox.hidden = !linkBox.hidden;
      address.value = editor.getAttributes("link").href ?? "";
      if (!linkBox.hidden) address.focus();
    } else if (what === "link-set") {
      setLink(editor, address.value.trim());
      linkBox.hidden = true;
    } else {
      ACTS[what](editor.chain().focus()).run();
      if (what === "link-cut") linkBox.hidden = true;
    }
  });
  address.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    setLink(editor, address.value.trim());
    linkBox.hidden = true;
  });

  const buttons = [...bar.querySelectorAll("button")];
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement);
    const next = buttons[(at + step + buttons.length) % buttons.length];
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
  });
  buttons.forEach((button, place) => (button.tabIndex = place ? -1 : 0));

  const show = () => {
    for (const button of buttons) {
      const mark = PRESSED[button.dataset.do];
      if (mark) button.setAttribute("aria-pressed", String(editor.isActive(mark)));
    }
    tableBox.hidden = !editor.isActive("table");
  };
  editor.on("transaction", show);
  show();
}

function setLink(editor, address) {
  if (!address) return;
  const href = /^(https:|mailto:)/i.test(address) ? address : `https://${address.replace(/^\w+:\/*/, "")}`;
  const chain = editor.chain().focus().extendMarkRange("link");
  if (editor.state.selection.empty && !editor.isActive("link"))
    chain.insertContent([{ type: "text", text: address, marks: [{ type: "link", attrs: { href } }] }]).run();
  else chain.setLink({ href }).run();
}
