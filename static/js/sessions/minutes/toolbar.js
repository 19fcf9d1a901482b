// The toolbar above the text: labelled buttons, pressed when they apply; arrow keys move along it.
const COMMANDS = {
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
const ACTIVE_NODES = { bold: "bold", italic: "italic", list: "bulletList", heading: "heading", link: "link" };

export function wireToolbar(pad, editor) {
  const bar = pad.querySelector("[role=toolbar]");
  const linkBox = pad.querySelector("[data-assembly-link]");
  const tableBox = pad.querySelector("[data-assembly-table]");
  const address = linkBox.querySelector("input");

  pad.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    const action = button.dataset.do;
    if (action === "link") {
      linkBox.hidden = !linkBox.hidden;
      address.value = editor.getAttributes("link").href ?? "";
      if (!linkBox.hidden) address.focus();
    } else if (action === "link-set") {
      setLink(editor, address.value.trim());
      linkBox.hidden = true;
    } else {
      COMMANDS[action](editor.chain().focus()).run();
      if (action === "link-cut") linkBox.hidden = true;
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
    const current = buttons.indexOf(document.activeElement);
    const next = buttons[(current + step + buttons.length) % buttons.length];
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
  });
  buttons.forEach((button, index) => (button.tabIndex = index ? -1 : 0));

  const show = () => {
    for (const button of buttons) {
      const mark = ACTIVE_NODES[button.dataset.do];
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
