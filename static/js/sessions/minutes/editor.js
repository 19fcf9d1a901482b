// The rich text editor of a section of minutes: it allows what the printed minutes can contain.
import { Editor } from "@tiptap/core";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";
import { wireToolbar } from "./toolbar.js";

// The policy of the site refuses styles written in attributes: the table's own column widths would be one.
const PlainTable = Table.extend({ renderHTML: () => ["table", ["tbody", 0]] });

export function openSectionEditor(form, content) {
  const pad = form.querySelector("[data-assembly-pad]");
  const editor = new Editor({
    element: form.querySelector("[data-assembly-text]"),
    content,
    extensions: [
      StarterKit.configure({
        code: false, codeBlock: false, horizontalRule: false, strike: false, underline: false,
        heading: { levels: [3, 4] },
        link: {
          openOnClick: false, autolink: false, protocols: ["https", "mailto"], defaultProtocol: "https",
          HTMLAttributes: { tabindex: "-1", target: null, rel: null },
        },
      }),
      PlainTable.configure({ resizable: false }), TableRow, TableHeader, TableCell,
    ],
    injectCSS: false,
    editorProps: {
      attributes: {
        id: "summary-text", role: "textbox", "aria-multiline": "true", "aria-labelledby": "summary-label",
        "aria-describedby": "summary-help", lang: "fr", spellcheck: "true",
      },
      // Escape, then Tab, leaves the text, so the keyboard is not trapped (a Tab inside a table moves between cells).
      handleDOMEvents: {
        keydown: (view, event) => {
          if (event.key === "Escape") view.dom.dataset.leaving = "yes";
          else if (event.key !== "Tab" && event.key !== "Shift") delete view.dom.dataset.leaving;
          return event.key === "Tab" && Boolean(view.dom.dataset.leaving);
        },
      },
    },
  });
  for (const name of ["plain", "plain-only"]) form.querySelector(`[data-assembly-${name}]`)?.setAttribute("hidden", "");
  pad.hidden = false;
  wireToolbar(pad, editor);
  return editor;
}

// Return whether the plain box was changed before this script ran, by the user or by the browser.
export function wasTypedEarly(form) {
  const box = form.querySelector("textarea[name=text]");
  return box.value !== box.defaultValue;
}

// Return the content of the plain box as HTML.
export function initialHtml(form) {
  const text = form.querySelector("textarea[name=text]").value;
  if (form.querySelector("[name=format]").value === "html") return text;
  return text.split(/\n\s*\n/).filter((block) => block.trim()).map(blockHtml).join("");
}

// The same syntax as in sessions/minutes/rules.py: lines that begin with a dash are a list.
const BULLET = /^\s*[-•*–]\s+/;

function blockHtml(block) {
  const parts = [];
  for (const line of block.split("\n")) {
    const tag = BULLET.test(line) ? "ul" : "p";
    if (parts.at(-1)?.tag !== tag) parts.push({ tag, lines: [] });
    parts.at(-1).lines.push(escapeHtml(line.replace(BULLET, "").trim()));
  }
  return parts
    .map(({ tag, lines }) => (tag === "p" ? `<p>${lines.join("<br>")}</p>` : `<ul>${lines.map((line) => `<li>${line}</li>`).join("")}</ul>`))
    .join("");
}

function escapeHtml(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element.innerHTML;
}
