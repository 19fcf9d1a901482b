// The editor without a page: applies its schema, its binding and « Je propose » to generated texts.
import { getHTMLFromFragment, getSchema } from "@tiptap/core";
import { suggestChanges, suggestChangesKey } from "@handlewithcare/prosemirror-suggest-changes";
import { Fragment, Node, Slice } from "@tiptap/pm/model";
import { EditorState, TextSelection } from "@tiptap/pm/state";
import { canJoin, canSplit, findWrapping } from "@tiptap/pm/transform";
import { undo, updateYFragment, ySyncPlugin, yUndoPlugin, yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { extensions, PROMPTS, SCHEMA_VERSION } from "../../../../static/js/collab/schema.js";
import { Suggesting } from "../../../../static/js/collab/text/suggesting.js";

const schema = getSchema(extensions);
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function documentOf(node, doc = new Y.Doc()) {
  const fragment = doc.getXmlFragment("default");
  updateYFragment(doc, fragment, node, { mapping: new Map(), isOMark: new Map() });
  return doc;
}

/** Check each tree against the schema; return its update, its tree and, where there is a page, its HTML. */
export function render(trees) {
  return trees.map((tree) => {
    const node = Node.fromJSON(schema, tree);
    node.check();
    const html = typeof document === "undefined" ? "" : getHTMLFromFragment(node.content, schema);
    return { update: base64(Y.encodeStateAsUpdate(documentOf(node))), html, tree: node.toJSON() };
  });
}

/** Return the tree that the editor shows for each update of the server. */
export function read(updates) {
  return updates.map((update) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, bytes(update));
    return yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment("default"), schema).toJSON();
  });
}

export const play = (jobs) => jobs.map(suggest);

/** Play random gestures of two people who suggest; give the text and the update after each. */
function suggest({ tree, seed, gestures }) {
  const random = randomNumbers(seed);
  let state = EditorState.create({ schema, doc: Node.fromJSON(schema, tree), plugins: [suggestChanges()] });
  state = state.apply(state.tr.setMeta(suggestChangesKey, { enabled: true, skip: true }));
  const doc = documentOf(state.doc);
  const steps = [{ update: base64(Y.encodeStateAsUpdate(doc)), tree: state.doc.toJSON(), user: 0, gesture: "" }];
  for (let count = 0; count < gestures; count += 1) {
    const user = random(2) ? 12 : 13;
    const [name, gesture] = GESTURES[random(GESTURES.length)];
    const transaction = gesture(state, random);
    if (!transaction?.docChanged) continue;
    const options = { user, notify: () => {} };
    const before = Y.encodeStateVector(doc);
    Suggesting.config.dispatchTransaction.call({ editor: { state }, options }, {
      transaction, next: (tracked) => { state = state.apply(tracked); },
    });
    documentOf(state.doc, doc);
    const update = Y.encodeStateAsUpdate(doc, before);
    steps.push({ update: base64(update), tree: state.doc.toJSON(), user, gesture: name });
  }
  return steps;
}

/** Two people split, join, wrap and convert blocks, and type digits, without suggestions; return the stored rows. */
export const write = (jobs) => jobs.map(({ tree, seed, gestures }) => {
  const random = randomNumbers(seed);
  let state = EditorState.create({ schema, doc: Node.fromJSON(schema, tree) });
  const doc = new Y.Doc();
  const meta = { mapping: new Map(), isOMark: new Map() };
  const rows = [];
  const storeRow = (user) => {
    const before = Y.encodeStateVector(doc);
    updateYFragment(doc, doc.getXmlFragment("default"), state.doc, meta);
    rows.push({ user, update: base64(Y.encodeStateAsUpdate(doc, before)) });
  };
  storeRow(0);
  for (let count = 0; count < gestures; count += 1) {
    const [, gesture] = SHAPES[random(SHAPES.length)];
    const transaction = gesture(state, random);
    if (!transaction?.docChanged) continue;
    state = state.apply(transaction);
    storeRow(1 + random(2));
  }
  return rows;
});

/**
 * People write in one text while messages cross: the rows of the server, and the text of each of them at the end.
 *
 * Each of `writers` chooses some words (`at`: "start" or "end" of them, or "all") and then presses keys: `phases` holds
 * one string a phase, and a phase ends when everybody has everything. `suggests`: in « Je propose ».
 */
export const race = (jobs) => jobs.map(({ tree, seed, writers }) => {
  const random = randomNumbers(seed);
  const first = Y.encodeStateAsUpdate(documentOf(Node.fromJSON(schema, tree)));
  const rows = [{ user: 0, update: base64(first) }];
  const tabs = writers.map((writer, index) => new Tab(12 + index, 1 + random(1e9), first, writer));
  const actions = tabs.flatMap((tab) => [() => tab.type(), () => tab.send(rows), () => tab.receive(rows)]);
  for (let phase = 0; phase < writers[0].phases.length; phase += 1) {
    for (const [index, tab] of tabs.entries()) tab.keys = [...writers[index].phases[phase]];
    while (tabs.some((tab) => tab.isBusy(rows))) actions[random(actions.length)]();
  }
  return { rows, trees: tabs.map((tab) => tab.state.doc.toJSON()) };
});

/** The page of one person: a document, the binding of the editor, « Je propose », and a delayed connection. */
class Tab {
  constructor(user, client, first, { chosen, at, suggests }) {
    Object.assign(this, { user, keys: [], unsent: [], receivedCount: 1, parts: [], hasFocus: () => false });
    this.doc = new Y.Doc();
    this.doc.clientID = client;
    Y.applyUpdate(this.doc, first);
    this.doc.on("update", (update, origin) => origin !== this && this.unsent.push(base64(update)));
    const plugins = [ySyncPlugin(this.doc.getXmlFragment("default")), yUndoPlugin(), suggestChanges()];
    this.state = EditorState.create({ schema, plugins });
    this.parts = plugins.map((plugin) => plugin.spec.view?.(this));
    const { doc, tr } = this.state;
    const from = positionOf(doc, chosen);
    const to = from + chosen.length;
    const selection = TextSelection.create(doc, at === "end" ? to : from, at === "start" ? from : to);
    this.dispatch(tr.setSelection(selection).setMeta(suggestChangesKey, { enabled: suggests, skip: true }));
  }

  dispatch(transaction) {
    this.state = this.state.apply(transaction);
    for (const part of this.parts) part?.update?.(this);
  }

  isBusy = (rows) => this.keys.length || this.unsent.length || this.receivedCount < rows.length;

  type() {
    if (!this.keys.length) return;
    const key = this.keys.shift();
    if (key === UNDO) return undo(this.state);
    const options = { user: this.user, notify: (refusal) => { throw new Error(refusal); } };
    const transaction = pressKey(this.state, key);
    Suggesting.config.dispatchTransaction.call({ editor: this, options }, { transaction, next: (tracked) => this.dispatch(tracked) });
  }

  send(rows) {
    if (this.unsent.length) rows.push({ user: this.user, update: this.unsent.shift() });
  }

  receive(rows) {
    if (this.receivedCount >= rows.length) return;
    const { user, update } = rows[this.receivedCount++];
    if (user !== this.user) Y.applyUpdate(this.doc, bytes(update), this);
  }
}

// Keys that are no letters: Python writes Ctrl and that letter.
const UNDO = "\x1A";
const OTHER_KEYS = {
  "\n": ({ tr, selection: { from } }) => tr.split(from),
  "\b": ({ tr, selection: { empty, from, $from } }) => {
    if (!empty) return tr.deleteSelection();
    return $from.parentOffset ? tr.delete(from - 1, from) : tr.join(from - 1);
  },
  "\x02": ({ tr }) => tr.setStoredMarks([schema.marks.bold.create()]), // B: bold
  "\x14": ({ tr, selection: { from } }) => tr.setBlockType(from, from, schema.nodes.heading, { level: 2 }), // T: a title
  "\x0C": ({ tr, selection: { $from } }) => { // L: a list
    const block = $from.blockRange();
    return tr.wrap(block, findWrapping(block, schema.nodes.bulletList));
  },
};

const pressKey = (state, key) => OTHER_KEYS[key]?.(state) ?? state.tr.insertText(key);

function positionOf(doc, text) {
  let position = null;
  doc.descendants((node, pos) => {
    if (node.isText && position === null && node.text.includes(text)) position = pos + node.text.indexOf(text);
  });
  return position;
}

function randomNumbers(seed) {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function textPositions(doc) {
  const positions = [];
  doc.descendants((node, pos) => {
    if (node.isTextblock) for (let at = pos + 1; at <= pos + 1 + node.content.size; at += 1) positions.push(at);
  });
  // A cursor is never inside a surrogate pair.
  return positions.filter((at) => !/^[\uDC00-\uDFFF]/.test(doc.textBetween(at, Math.min(at + 1, doc.content.size), "x", "x")));
}

const position = (state, random) => {
  const positions = textPositions(state.doc);
  return positions[random(positions.length)];
};

const range = (state, random) => {
  const positions = textPositions(state.doc);
  const first = random(positions.length);
  const last = Math.min(positions.length - 1, first + 1 + random(12));
  return [positions[first], positions[last]];
};

const attempt = (gesture) => (state, random) => {
  try {
    return gesture(state, random);
  } catch {
    return null;
  }
};

const line = (state, random) => state.doc.resolve(position(state, random)).blockRange();

const GESTURES = [
  ["type", (state, random) => state.tr.insertText(["é", " mot ", "🌳"][random(3)], position(state, random))],
  ["type", (state, random) => state.tr.insertText("x", position(state, random))],
  ["delete", (state, random) => state.tr.delete(...range(state, random))],
  ["erase", (state, random) => { const [from, to] = range(state, random); return to - from < 3 ? state.tr.delete(from, to) : null; }],
  ["replace", (state, random) => state.tr.insertText("autre", ...range(state, random))],
  ["enter", (state, random) => { const at = position(state, random); return canSplit(state.doc, at) ? state.tr.split(at) : null; }],
  ["enter in a list", (state, random) => { const at = position(state, random); return canSplit(state.doc, at, 2) ? state.tr.split(at, 2) : null; }],
  ["join", (state, random) => {
    const at = state.doc.resolve(position(state, random)).before();
    return canJoin(state.doc, at) ? state.tr.join(at) : null;
  }],
  ["heading", (state, random) => {
    const at = position(state, random);
    const kind = random(2) ? schema.nodes.heading : schema.nodes.paragraph;
    return state.tr.setBlockType(at, at, kind, kind === schema.nodes.heading ? { level: 2 + random(3) } : null);
  }],
  ["list", (state, random) => {
    const block = line(state, random);
    const wrapping = block && findWrapping(block, schema.nodes.bulletList);
    return wrapping ? state.tr.wrap(block, wrapping) : null;
  }],
  ["bold", (state, random) => state.tr.addMark(...range(state, random), schema.marks.bold.create())],
  ["note", (state, random) => state.tr.insert(position(state, random), schema.nodes.footnote.create({ text: "note" }))],
  ["break", (state, random) => state.tr.insert(position(state, random), schema.nodes.hardBreak.create())],
  ["paste", (state, random) => {
    const lines = ["un", "deux", "trois"].slice(0, 1 + random(3)).map((text) => schema.nodes.paragraph.create(null, schema.text(text)));
    return state.tr.replaceRange(...range(state, random), new Slice(Fragment.from(lines), 1, 1));
  }],
  ["cut a block", (state, random) => {
    const index = random(state.doc.childCount);
    let pos = 0;
    for (let before = 0; before < index; before += 1) pos += state.doc.child(before).nodeSize;
    return state.tr.delete(pos, pos + state.doc.child(index).nodeSize);
  }],
].map(([name, gesture]) => [name, attempt(gesture)]);

const SHAPES = [
  ...GESTURES.filter(([name]) => ["enter", "enter in a list", "join", "heading", "list"].includes(name)),
  ["digits", attempt((state, random) => state.tr.insertText("0123", position(state, random)))],
];

export { PROMPTS, SCHEMA_VERSION };
