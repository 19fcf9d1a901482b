// Recommendations in the editor: their number, their questions, their six fields, and an identity that is never shared.
import { Extension } from "@tiptap/core";
import { suggestChangesKey } from "@handlewithcare/prosemirror-suggest-changes";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { PROMPTS, RecommendationField } from "../schema/recommendation.js";
import { newNode } from "./identifiers.js";

const HINTS = {
  problem: "À écrire\u00a0: ce qui ne va pas aujourd’hui.",
  proposal: "À écrire\u00a0: ce qui doit changer.",
  audience: "À écrire\u00a0: les personnes à qui cela sert.",
  decider: "À écrire\u00a0: le Département seul, ou avec d’autres\u00a0?",
  means: "À écrire\u00a0: de l’argent, des personnes, du temps.",
  measure: "À écrire\u00a0: un nombre, une date.",
};
const TITLE = "Titre de la préconisation";
const NAMES = Object.keys(PROMPTS);

/** The field with its question, which nobody can type into. */
export const QuestionedField = RecommendationField.extend({
  addNodeView: () => ({ node, HTMLAttributes }) => {
    const dom = document.createElement("dl");
    for (const [name, value] of Object.entries(HTMLAttributes)) dom.setAttribute(name, value);
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
    return [shown(this.options.first), repaired()];
  },
});

/** The recommendation where the cursor stands: `{ node, pos, index }`, or null. */
function current({ doc, selection: { $from } }) {
  const index = $from.index(0);
  const node = doc.maybeChild(index);
  if (node?.type.name !== "recommendation" || !$from.depth) return null;
  return { node, pos: $from.before(1), index };
}

export function removeRecommendation(editor) {
  const held = current(editor.state);
  if (held) editor.chain().focus().deleteRange({ from: held.pos, to: held.pos + held.node.nodeSize }).run();
}

/** Before the block above (-1) or after the one below (1). */
export function moveRecommendation(editor, step) {
  const { state } = editor;
  const held = current(state);
  const neighbour = held && state.doc.maybeChild(held.index + step);
  if (!neighbour) return;
  const { node, pos } = held;
  const target = step < 0 ? pos - neighbour.nodeSize : pos + neighbour.nodeSize;
  const tr = state.tr.delete(pos, pos + node.nodeSize).insert(target, node);
  const cursor = target + (state.selection.from - pos);
  editor.view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(cursor))).scrollIntoView());
  editor.commands.focus();
}

const paragraph = () => ({ type: "paragraph" });
const field = (prompt) => ({ type: "recommendationField", attrs: { prompt }, content: [paragraph()] });

/** A recommendation to fill in, after the block where the cursor stands; the cursor goes to its title. */
export function addRecommendation(editor) {
  const { $from } = editor.state.selection;
  const id = newNode();
  const content = [{ type: "recommendationTitle" }, ...NAMES.map(field)];
  const after = $from.depth ? $from.after(1) : editor.state.doc.content.size;
  editor.commands.insertContentAt(after, { type: "recommendation", attrs: { id }, content });
  editor.state.doc.forEach((node, pos) => {
    if (node.attrs.id === id) editor.chain().setTextSelection(pos + 2).focus(null, { scrollIntoView: true }).run();
  });
}

function shown(first) {
  const key = new PluginKey("recommendations");
  return new Plugin({
    key,
    state: {
      init: (_config, state) => decorations(state.doc, first),
      apply: (tr, kept) => (tr.docChanged ? decorations(tr.doc, first) : kept),
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

function decorations(doc, first) {
  const found = [];
  let number = first;
  doc.forEach((node, pos) => {
    if (node.type.name !== "recommendation") return;
    found.push(Decoration.node(pos, pos + node.nodeSize, { "data-number": String(number) }));
    number += 1;
    node.forEach((child, offset) => hint(child, pos + 1 + offset, found));
  });
  return DecorationSet.create(doc, found);
}

function hint(child, pos, found) {
  const isTitle = child.type.name === "recommendationTitle";
  if (isTitle ? child.content.size : child.content.size > 2) return;
  const [line, at] = isTitle ? [child, pos] : [child.firstChild, pos + 1];
  if (!line.isTextblock) return;
  found.push(Decoration.node(at, at + line.nodeSize, { class: "blank", "data-hint": isTitle ? TITLE : HINTS[child.attrs.prompt] }));
}

// A paste, a cut across fields or a copy may leave a recommendation without its six fields or with the identity of
// another. Only the page that made the change repairs it, so that nobody repairs the same thing twice.
function repaired() {
  return new Plugin({
    appendTransaction(transactions, _before, after) {
      const own = transactions.some((one) => one.docChanged) && !transactions.some((one) => one.getMeta(ySyncPluginKey));
      if (!own || suggestChangesKey.getState(after)?.enabled) return null;
      const tr = after.tr;
      const places = [];
      after.doc.forEach((node, pos) => node.type.name === "recommendation" && places.push([node, pos]));
      for (const [node, pos] of places.reverse()) fill(tr, node, pos);
      name(tr);
      return tr.docChanged ? tr : null;
    },
  });
}

function name(tr) {
  const met = new Set();
  tr.doc.forEach((node, pos) => {
    if (node.type.name !== "recommendation") return;
    if (!node.attrs.id || met.has(node.attrs.id)) tr.setNodeAttribute(pos, "id", newNode());
    met.add(node.attrs.id);
  });
}

function fill(tr, node, pos) {
  const prompts = node.content.content.slice(1).map((child) => child.attrs.prompt);
  if (prompts.length === NAMES.length && prompts.every((prompt, place) => prompt === NAMES[place])) return;
  const fields = new Map();
  node.content.content.slice(1).forEach((child) => fields.set(child.attrs.prompt, [...(fields.get(child.attrs.prompt) ?? []), child]));
  const { schema } = node.type;
  const made = NAMES.map((prompt) => {
    const held = (fields.get(prompt) ?? []).flatMap((child) => child.content.content);
    return schema.nodes.recommendationField.create({ prompt }, held.length ? held : schema.nodes.paragraph.create());
  });
  tr.replaceWith(pos + 1 + node.firstChild.nodeSize, pos + node.nodeSize - 1, made);
}
