// The writing of one summary: rich text, saved as one types. The plain box of the page stays for browsers without script.
import { Editor } from "@tiptap/core";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";
import { Saver } from "./minutes/saver.js";
import { wireToolbar } from "./minutes/toolbar.js";

// The policy of the site refuses styles written in attributes: the table's own column widths would be one.
const PlainTable = Table.extend({ renderHTML: () => ["table", ["tbody", 0]] });
const form = document.querySelector("[data-assembly-minutes-editor]");
if (form) begin(form);

function begin(form) {
  const pad = form.querySelector("[data-assembly-pad]");
  const place = form.querySelector("[data-assembly-text]");
  const typed = form.querySelector("[role=alert].error-summary, .field-bad") ? typedBefore(form) : null;
  const editor = new Editor({
    element: place,
    content: typed ?? form.querySelector("[data-assembly-html]").innerHTML,
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
      // Escape, then Tab, leaves the text: nobody is locked in (a Tab inside a table walks its cells).
      handleDOMEvents: {
        keydown: (view, event) => {
          if (event.key === "Escape") view.dom.dataset.leaving = "yes";
          else if (event.key !== "Tab" && event.key !== "Shift") delete view.dom.dataset.leaving;
          return event.key === "Tab" && Boolean(view.dom.dataset.leaving);
        },
      },
    },
  });
  form.querySelector("[data-assembly-plain]").hidden = true;
  form.querySelector("[data-assembly-plain-only]")?.setAttribute("hidden", "");
  pad.hidden = false;
  wireToolbar(pad, editor);
  const saver = new Saver(form, editor);
  editor.on("update", () => saver.later());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saver.now();
  });
}

// The page came back with a refusal: what was typed stands in the plain box, not in the saved text.
function typedBefore(form) {
  const box = form.querySelector("textarea[name=text]").value;
  if (form.querySelector("[name=format]").value === "html") return box;
  const paragraphs = box.split(/\n\s*\n/).map((text) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    return paragraph.outerHTML;
  });
  return paragraphs.join("");
}
