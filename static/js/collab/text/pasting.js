// What comes from elsewhere: words and structure stay, the dress of word processors and all images go.
import { Extension } from "@tiptap/core";
import { Fragment, Slice } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";
import { newNode } from "./identifiers.js";
import { cleaned } from "./word.js";

const MOST = 100_000;
const MOST_HTML = 4_000_000;
const SUGGESTIONS = ["insertion", "deletion", "modification"];

const NUMBER = new Intl.NumberFormat("fr-FR");
const tooLong = (length) =>
  `Ce texte est trop long pour être collé d’un coup\u00a0: ${NUMBER.format(length)} signes. `
  + `Collez-le en plusieurs fois, par ${NUMBER.format(MOST)} signes au plus.`;
const WITHOUT_IMAGES = "Les images ne peuvent pas être collées ici. Le texte, lui, est collé.";
const ONLY_IMAGES = "Les images ne peuvent pas être collées ici.";

export const Pasting = Extension.create({
  name: "pasting",

  addOptions: () => ({ say: () => {} }),

  addProseMirrorPlugins() {
    const { say } = this.options;
    return [
      new Plugin({
        props: {
          handlePaste: (view, event) => refused(view, event, say),
          handleDrop: (_view, event) => {
            const files = event.dataTransfer?.files.length;
            if (files) say(ONLY_IMAGES);
            return Boolean(files);
          },
          transformPastedHTML: (html) => cleaned(html),
          transformPasted: (slice, view) => (view.dragging?.move ? slice : own(slice, view.state.doc)),
        },
      }),
    ];
  },
});

function refused(view, event, say) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const html = event.clipboardData?.getData("text/html") ?? "";
  const pictures = [...(event.clipboardData?.files ?? [])].length || /<img\b/i.test(html);
  if (text.length > MOST) {
    say(tooLong(text.length));
    return true;
  }
  if (pictures) say(text.trim() ? WITHOUT_IMAGES : ONLY_IMAGES);
  if (html.length <= MOST_HTML) return Boolean(pictures) && !text.trim();
  return view.pasteText(text, event);
}

// What is still in the text was copied: the copy is a new recommendation, without the comments and suggestions of the
// original. What is no longer there was cut, and arrives with all that belongs to it.
function own(slice, doc) {
  const held = namesIn(doc);
  const map = (fragment) => Fragment.from(mapped(fragment, held));
  return new Slice(map(slice.content), slice.openStart, slice.openEnd);
}

function namesIn(doc) {
  const nodes = new Set();
  const marks = new Set();
  doc.descendants((node) => {
    if (node.type.name === "recommendation") nodes.add(node.attrs.id);
    for (const mark of node.marks) if (mark.attrs.id) marks.add(mark.attrs.id);
  });
  return { nodes, marks };
}

function mapped(fragment, held) {
  const made = [];
  fragment.forEach((node) => {
    const copies = node.marks.filter((mark) => held.marks.has(mark.attrs.id));
    if (copies.some((mark) => mark.type.name === "deletion")) return; // words that were to go are not copied
    const marks = node.marks.filter((mark) => !copies.includes(mark) || ![...SUGGESTIONS, "comment"].includes(mark.type.name));
    if (node.isText) return made.push(node.mark(marks));
    const isCopy = node.type.name === "recommendation" && (!node.attrs.id || held.nodes.has(node.attrs.id));
    const attrs = isCopy ? { ...node.attrs, id: newNode() } : node.attrs;
    made.push(node.type.create(attrs, mapped(node.content, held), marks));
  });
  return made;
}
