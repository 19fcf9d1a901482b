// Pasted content: text and structure stay; the styles of word processors and all images are removed.
import { Extension } from "@tiptap/core";
import { Fragment, Slice } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";
import { newNodeId } from "./identifiers.js";
import { cleanHtml } from "./word.js";

const MAX_CHARACTERS = 100_000;
const MAX_HTML_CHARACTERS = 4_000_000;
const SUGGESTIONS = ["insertion", "deletion", "modification"];

const NUMBER = new Intl.NumberFormat("fr-FR");
const tooLong = (length) =>
  `Ce texte est trop long pour être collé d’un coup\u00a0: ${NUMBER.format(length)} signes. `
  + `Collez-le en plusieurs fois, par ${NUMBER.format(MAX_CHARACTERS)} signes au plus.`;
const WITHOUT_IMAGES = "Les images ne peuvent pas être collées ici. Le texte, lui, est collé.";
const ONLY_IMAGES = "Les images ne peuvent pas être collées ici.";

export const Pasting = Extension.create({
  name: "pasting",

  addOptions: () => ({ notify: () => {} }),

  addProseMirrorPlugins() {
    const { notify } = this.options;
    return [
      new Plugin({
        props: {
          handlePaste: (view, event) => refusePaste(view, event, notify),
          handleDrop: (_view, event) => {
            const files = event.dataTransfer?.files.length;
            if (files) notify(ONLY_IMAGES);
            return Boolean(files);
          },
          transformPastedHTML: (html) => cleanHtml(html),
          transformPasted: (slice, view) => (view.dragging?.move ? slice : asNewCopy(slice, view.state.doc)),
        },
      }),
    ];
  },
});

function refusePaste(view, event, notify) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const html = event.clipboardData?.getData("text/html") ?? "";
  const pictures = [...(event.clipboardData?.files ?? [])].length || /<img\b/i.test(html);
  if (text.length > MAX_CHARACTERS) {
    notify(tooLong(text.length));
    return true;
  }
  if (pictures) notify(text.trim() ? WITHOUT_IMAGES : ONLY_IMAGES);
  if (html.length <= MAX_HTML_CHARACTERS) return Boolean(pictures) && !text.trim();
  return view.pasteText(text, event);
}

// Content that is still in the text was copied: the copy is a new recommendation, without the comments and suggestions of
// the original. Content that is no longer there was cut, and is pasted with its comments and suggestions.
function asNewCopy(slice, doc) {
  const existing = existingIds(doc);
  const map = (fragment) => Fragment.from(copyNodes(fragment, existing));
  return new Slice(map(slice.content), slice.openStart, slice.openEnd);
}

function existingIds(doc) {
  const recommendations = new Set();
  const marks = new Set();
  doc.descendants((node) => {
    if (node.type.name === "recommendation") recommendations.add(node.attrs.id);
    for (const mark of node.marks) if (mark.attrs.id) marks.add(mark.attrs.id);
  });
  return { recommendations, marks };
}

function copyNodes(fragment, existing) {
  const nodes = [];
  fragment.forEach((node) => {
    const copies = node.marks.filter((mark) => existing.marks.has(mark.attrs.id));
    if (copies.some((mark) => mark.type.name === "deletion")) return; // text that is suggested for deletion is not copied
    const marks = node.marks.filter((mark) => !copies.includes(mark) || ![...SUGGESTIONS, "comment"].includes(mark.type.name));
    if (node.isText) return nodes.push(node.mark(marks));
    const isCopy = node.type.name === "recommendation" && (!node.attrs.id || existing.recommendations.has(node.attrs.id));
    const attrs = isCopy ? { ...node.attrs, id: newNodeId() } : node.attrs;
    nodes.push(node.type.create(attrs, copyNodes(node.content, existing), marks));
  });
  return nodes;
}
