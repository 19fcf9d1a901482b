// Recommendations in the editor: their number, their questions, their six fields, and an identity that is never shared.
import { Extension } from "@tiptap/core";
import { suggestChangesKey } from "@handlewithcare/prosemirror-suggest-changes";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { PROMPTS, RecommendationField } from "../schema/recommendation.js";
import { newNodeId } from "./identifiers.js";

const HINTS = {
  problem: "À écrire\u00a0: ce qui ne va pas aujourd’hui.",
  proposal: "À écrire\u00a0: ce qui doit changer.",
  audience: "À écrire\u00a0: les personnes à qui cela sert.",
  decider: "À écrire\u00a0: le Département seul, ou avec d’autres\u00a0?",
  means: "À écrire\u00a0: de l’argent, des personnes, du temps.",
  measure: "À écrire\u00a0: un nombre, une date.",
};
const TITLE = "Titre de la préconisation";
const PROMPT_NAMES = Object.keys(PROMPTS);

/** The field with its question, which nobody can type into. */
export const QuestionedField = RecommendationField.extend({
  addNodeView: () => ({ node, HTMLAttributes }) => {
    const dom = document.createElement("dl");
    for (const [attribute, value] of Object.entries(HTMLAttributes)) dom.setAttribute(attribute, value);
    const question = document.createElement("dt");
    question.contentEditable = "false";
    question.textContent = PROMPTS[node.attrs.prompt];
    const contentDOM = document.createElement("dd");
    dom.append(question, contentDOM);
    return {
      dom,
      contentDOM,
      update: (next) => next.type === node.type && next.attrs.prompt === node.attrs.prompt,
      ignoreMutation: (mutation) => mutation.type !== "selection" && !contentDOM.contains(mutation.target),
    };
  },
});

export const Recommendations = Extension.create({
  name: "recommendations",

  addOptions: () => ({ first: 1 }),

  addProseMirrorPlugins() {
    return [numberingPlugin(this.options.first), repairPlugin()];
  },
});

/** Return the recommendation at the cursor: `{ node, pos, index }`, or null. */
function currentRecommendation({ doc, selection: { $from } }) {
  const index = $from.index(0);
  const node = doc.maybeChild(index);
  if (node?.type.name !== "recommendation" || !$from.depth) return null;
  return { node, pos: $from.before(1), index };
}

export function removeRecommendation(editor) {
  const target = currentRecommendation(editor.state);
  if (target) editor.chain().focus().deleteRange({ from: target.pos, to: target.pos + target.node.nodeSize }).run();
}

/** Move the recommendation before the block above (-1) or after the one below (1). */
export function moveRecommendation(editor, step) {
  const { state } = editor;
  const moved = currentRecommendation(state);
  const neighbour = moved && state.doc.maybeChild(moved.index + step);
  if (!neighbour) return;
  const { node, pos } = moved;
  const target = step < 0 ? pos - neighbour.nodeSize : pos + neighbour.nodeSize;
  const tr = state.tr.delete(pos, pos + node.nodeSize).insert(target, node);
  const cursor = target + (state.selection.from - pos);
  editor.view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(cursor))).scrollIntoView());
  editor.commands.focus();
}

const paragraph = () => ({ type: "paragraph" });
const field = (prompt) => ({ type: "recommendationField", attrs: { prompt }, content: [paragraph()] });

/** Insert an empty recommendation after the block of the cursor, and put the cursor in its title. */
export function addRecommendation(editor) {
  const { $from } = editor.state.selection;
  const id = newNodeId();
  const content = [{ type: "recommendationTitle" }, ...PROMPT_NAMES.map(field)];
  const after = $from.depth ? $from.after(1) : editor.state.doc.content.size;
  editor.commands.insertContentAt(after, { type: "recommendation", attrs: { id }, content });
  editor.state.doc.forEach((node, pos) => {
    if (node.attrs.id === id) editor.chain().setTextSelection(pos + 2).focus(null, { scrollIntoView: true }).run();
  });
}

function numberingPlugin(first) {
  const key = new PluginKey("recommendations");
  return new Plugin({
    key,
    state: {
      init: (_config, state) => decorations(state.doc, first),
      apply: (tr, decorationSet) => (tr.docChanged ? decorations(tr.doc, first) : decorationSet),
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

function decorations(doc, first) {
  const items = [];
  let number = first;
  doc.forEach((node, pos) => {
    if (node.type.name !== "recommendation") return;
    items.push(Decoration.node(pos, pos + node.nodeSize, { "data-number": String(number) }));
    number += 1;
    node.forEach((child, offset) => addHint(child, pos + 1 + offset, items));
  });
  return DecorationSet.create(doc, items);
}

function addHint(child, pos, items) {
  const isTitle = child.type.name === "recommendationTitle";
  if (isTitle ? child.content.size : child.content.size > 2) return;
  const [line, at] = isTitle ? [child, pos] : [child.firstChild, pos + 1];
  if (!line.isTextblock) return;
  items.push(Decoration.node(at, at + line.nodeSize, { class: "blank", "data-hint": isTitle ? TITLE : HINTS[child.attrs.prompt] }));
}

// A paste, a cut across fields or a copy may leave a recommendation without its six fields or with the identity of
// another. Only the page that made the change repairs it, so that it is not repaired twice.
function repairPlugin() {
  return new Plugin({
    appendTransaction(transactions, _before, after) {
      const isLocal = transactions.some((transaction) => transaction.docChanged) && !transactions.some((transaction) => transaction.getMeta(ySyncPluginKey));
      if (!isLocal || suggestChangesKey.getState(after)?.enabled) return null;
      const tr = after.tr;
      const recommendations = [];
      after.doc.forEach((node, pos) => node.type.name === "recommendation" && recommendations.push([node, pos]));
      for (const [node, pos] of recommendations.reverse()) completeFields(tr, node, pos);
      assignIds(tr);
      return tr.docChanged ? tr : null;
    },
  });
}

function assignIds(tr) {
  const seen = new Set();
  tr.doc.forEach((node, pos) => {
    if (node.type.name !== "recommendation") return;
    if (!node.attrs.id || seen.has(node.attrs.id)) tr.setNodeAttribute(pos, "id", newNodeId());
    seen.add(node.attrs.id);
  });
}

function completeFields(tr, node, pos) {
  const prompts = node.content.content.slice(1).map((child) => child.attrs.prompt);
  if (prompts.length === PROMPT_NAMES.length && prompts.every((prompt, index) => prompt === PROMPT_NAMES[index])) return;
  const fields = new Map();
  node.content.content.slice(1).forEach((child) => fields.set(child.attrs.prompt, [...(fields.get(child.attrs.prompt) ?? []), child]));
  const { schema } = node.type;
  const fieldNodes = PROMPT_NAMES.map((prompt) => {
    const content = (fields.get(prompt) ?? []).flatMap((child) => child.content.content);
    return schema.nodes.recommendationField.create({ prompt }, content.length ? content : schema.nodes.paragraph.create());
  });
  tr.replaceWith(pos + 1 + node.firstChild.nodeSize, pos + node.nodeSize - 1, fieldNodes);
}
