// Comments and suggestions are found in the text by their marks: these survive Enter, cut and paste.
import { untracked } from "./suggesting.js";

const CONTEXT_CHARACTERS = 60;

/** Return the ranges of text under the mark of that id, in order. */
export function rangesOf(doc, id) {
  const ranges = [];
  doc.descendants((node, pos) => {
    if (node.marks.some((mark) => mark.attrs.id === id)) ranges.push({ from: pos, to: pos + node.nodeSize });
  });
  return ranges;
}

/** Return the ids of all marks as one string: it changes when a comment or a suggestion is added or removed. */
export function markIdsIn(doc) {
  const ids = new Set();
  doc.descendants((node) => {
    for (const { attrs } of node.marks) if (attrs.id) ids.add(attrs.id);
  });
  return [...ids].sort().join(" ");
}

/** Return the ids of the marks on the selected text, or on both sides of the cursor. */
export function markIdsAt({ doc, selection: { from, to, $head } }) {
  const nodes = [$head.nodeBefore, $head.nodeAfter];
  doc.nodesBetween(from, to, (node) => void nodes.push(node));
  return new Set(nodes.flatMap((node) => node?.marks.map((mark) => mark.attrs.id) ?? []).filter(Boolean));
}

/** Mark the selection as a comment; return its anchor, its quote and the characters before and after it. */
export function addCommentMark(editor, id) {
  const { state } = editor;
  const { from, to, $from, $to } = state.selection;
  const quote = state.doc.textBetween(from, to, " ", leaf);
  if (!quote.trim()) return null;
  editor.view.dispatch(untracked(state.tr.addMark(from, to, state.schema.marks.comment.create({ id }))));
  const prefix = $from.parent.textBetween(Math.max(0, $from.parentOffset - CONTEXT_CHARACTERS), $from.parentOffset, " ", leaf);
  const end = Math.min($to.parent.content.size, $to.parentOffset + CONTEXT_CHARACTERS);
  return { anchor: id, quote, prefix, suffix: $to.parent.textBetween($to.parentOffset, end, " ", leaf) };
}

const leaf = (node) => (node.type.name === "footnote" ? "" : " ");

export function removeCommentMark(editor, id) {
  const { state } = editor;
  const tr = state.tr;
  for (const { from, to } of rangesOf(state.doc, id)) tr.removeMark(from, to, state.schema.marks.comment.create({ id }));
  if (tr.docChanged) editor.view.dispatch(untracked(tr));
}
