// y-tiptap keeps the marks of text only. Suggestions also lie on whole blocks, so its source is changed as it is
// bundled: an element with marks carries them in one attribute, `marks`, as JSON. The build fails if the source moved.
import { readFileSync } from "node:fs";

const ADDED = `
const storedAttrs = (node) =>
  node.marks.length === 0 ? node.attrs : { ...node.attrs, marks: JSON.stringify(node.marks.map((mark) => mark.toJSON())) };
const storedMarks = (schema, written) => {
  try {
    return typeof written === "string" ? JSON.parse(written).map((mark) => schema.markFromJSON(mark)) : [];
  } catch {
    return [];
  }
};
`;

// Its way with words lays all marks of a paragraph anew at each key and finds the place of a letter by its shape: beside
// somebody who types the same letter, one would write in their suggestion. Here only what differs is written, with its
// marks; among like letters the caret tells which one is new or gone. And where two people began an empty paragraph at
// once, it holds two texts, of which one would be deleted: here each keeps its part.
const WORDS = `
const told = (attributes) =>
  JSON.stringify(Object.entries(attributes ?? {}).map(([name, value]) => [name, Object.entries(value ?? {}).sort()]).sort());
const signsOf = (runs) => runs.flatMap(({ insert, attributes }) => {
  const key = told(attributes);
  return Array.from(insert, (sign) => ({ sign, key, attributes: attributes ?? {} }));
});
const runsOf = (signs, same) => {
  const runs = [];
  for (const sign of signs) {
    if (runs.length && same(runs.at(-1)[0], sign)) runs.at(-1).push(sign);
    else runs.push([sign]);
  }
  return runs;
};
const textOf = (signs) => signs.map(({ sign }) => sign).join("");
const differing = (old, now) => {
  const found = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)]))
    if (!old[name] || !now[name] || told({ name: old[name] }) !== told({ name: now[name] })) found[name] = now[name] ?? null;
  return found;
};
const differ = (old, now, same, caret = now.length) => {
  const shared = Math.min(old.length, now.length);
  let [start, end] = [0, 0];
  const isSameEnd = () => end < shared - start && same(old[old.length - 1 - end], now[now.length - 1 - end]);
  while (end < now.length - caret && isSameEnd()) end += 1;
  while (start < shared - end && same(old[start], now[start])) start += 1;
  while (isSameEnd()) end += 1;
  return { start, old: old.slice(start, old.length - end), now: now.slice(start, now.length - end) };
};
const sameSign = (a, b) => a.sign === b.sign;
const caretOf = (ptexts) =>
  ptexts.caret >= 0 ? Array.from(ptexts.map((p) => p.text).join("").slice(0, ptexts.caret)).length : undefined;
const partsOf = (ptexts, ytexts) => {
  const held = ytexts.map((ytext) => signsOf(ytext.toDelta()));
  const changed = differ(held.flat(), signsOf(ptexts.map((p) => ({ insert: p.text }))), sameSign, caretOf(ptexts));
  const [start, old, now] = [textOf(held.flat().slice(0, changed.start)).length, textOf(changed.old).length, textOf(changed.now).length];
  const all = PModel.Fragment.fromArray(ptexts);
  let [from, end] = [0, 0];
  return held.map((signs, place) => {
    end += textOf(signs).length;
    const isLast = place === held.length - 1;
    const to = isLast ? all.size : end < start ? end : Math.max(start + now, end + now - old);
    const part = [...all.cut(from, to).content];
    part.caret = ptexts.caret - from;
    from = to;
    return part;
  });
};
const alongTexts = (pNode, yChildren, pChildren, meta) => {
  const $head = meta.prosemirrorView?.state.selection.$head;
  let [offset, place] = [0, 0];
  return pChildren.flatMap((child) => {
    const ytexts = [];
    while (yChildren[place] instanceof Y.XmlText) ytexts.push(yChildren[place++]);
    if (!(child instanceof Array)) {
      [offset, place] = [offset + child.nodeSize, place + 1];
      return [child];
    }
    child.caret = $head?.parent === pNode ? $head.parentOffset - offset : -1;
    for (const { nodeSize } of child) offset += nodeSize;
    return ytexts.length > 1 ? partsOf(child, ytexts) : [child];
  });
};
// Y.Text puts new words behind all that was deleted at their place: who writes in what another deletes would meet that
// other's words there, in the midst of their own. Plain words behind a plain letter go right behind it; marks end by
// signs of their own among the letters, which Y.Text keeps in order.
const PLAIN = told({});
const insertBehind = (ytext, place, text, attributes, left) => {
  if (!left || left.key !== PLAIN || told(attributes) !== PLAIN) return ytext.insert(place, text, attributes);
  let [item, rest] = [ytext._start, place];
  while (item && (item.deleted || !item.countable || item.length < rest)) {
    if (!item.deleted && item.countable) rest -= item.length;
    item = item.right;
  }
  if (!item) return ytext.insert(place, text, attributes);
  Y.transact(ytext.doc, (transaction) => {
    const { doc: { store, clientID } } = ytext;
    const before = Y.getItemCleanEnd(transaction, store, Y.createID(item.id.client, item.id.clock + rest - 1));
    const { right } = before;
    const id = Y.createID(clientID, Y.getState(store, clientID));
    ytext._searchMarker = [];
    new Y.Item(id, before, before.lastId, right, right && right.id, ytext, null, new Y.ContentString(text)).integrate(transaction, 0);
  });
};
const writeWords = (ytext, ptexts, meta) => {
  const wanted = signsOf(ptexts.map((p) => ({ insert: p.text, attributes: marksToAttributes(p.marks, meta) })));
  const held = signsOf(ytext.toDelta());
  const caret = caretOf(ptexts);
  const changed = differ(held, wanted, (a, b) => sameSign(a, b) && a.key === b.key, caret);
  const words = differ(changed.old, changed.now, sameSign, caret && Math.max(0, Math.min(changed.now.length, caret - changed.start)));
  let place = textOf(held.slice(0, changed.start)).length;
  const format = (old, now) => {
    const pairs = old.map((sign, at) => ({ ...sign, now: now[at] }));
    for (const run of runsOf(pairs, (a, b) => a.key === b.key && a.now.key === b.now.key)) {
      if (run[0].key !== run[0].now.key) ytext.format(place, textOf(run).length, differing(run[0].attributes, run[0].now.attributes));
      place += textOf(run).length;
    }
  };
  format(changed.old.slice(0, words.start), changed.now.slice(0, words.start));
  if (words.old.length) ytext.delete(place, textOf(words.old).length);
  let left = held[changed.start + words.start - 1];
  for (const run of runsOf(words.now, (a, b) => a.key === b.key)) {
    insertBehind(ytext, place, textOf(run), { ...run[0].attributes }, left);
    place += textOf(run).length;
    left = run[0];
  }
  format(changed.old.slice(words.start + words.old.length), changed.now.slice(words.start + words.now.length));
};
`;

// After what others wrote it looks for the place of a caret by the words of its block, which have just changed, and keeps
// its distance from the beginning. Here the letter on the left of the caret tells, as long as it stands. A split or
// another kind of block writes letters anew: where none went, as many letters stand before the caret as stood before.
const CARETS = `
const isAlive = (doc, id) => {
  if (id === null) return true;
  let item = Y.getItem(doc.store, id);
  while (item.redone) item = Y.getItem(doc.store, item.redone);
  return !item.deleted;
};
const lettersOf = (doc, end = doc.content.size) => doc.textBetween(0, end, "", "\uFFFC");
const placesAt = (doc, count) => {
  const found = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    if (count >= 0 && count <= node.content.size) found.push(pos + 1 + count);
    count -= node.content.size;
    return false;
  });
  return found;
};
const whereLettersStayed = (newDoc, oldDoc, oldAbs) => {
  const [old, now] = [lettersOf(oldDoc), lettersOf(newDoc)];
  const count = lettersOf(oldDoc, oldAbs).length;
  let start = 0;
  while (start < old.length && old[start] === now[start]) start += 1;
  if (!now.endsWith(old.slice(start))) return null;
  const places = placesAt(newDoc, count <= start ? count : count + now.length - old.length);
  return places[Math.min(placesAt(oldDoc, count).indexOf(oldAbs), places.length - 1)] ?? null;
};
const endAfter = (newDoc, oldDoc, oldAbs, relative, resolved, doc) => {
  const isMoved = oldDoc && !isAlive(doc, relative.item ?? relative.type);
  return (isMoved ? whereLettersStayed(newDoc, oldDoc, oldAbs) : null) ?? resolved ?? Math.min(oldAbs, newDoc.content.size);
};
`;

export const CHANGES = [
  ["const node = schema.node(el.nodeName, attrs, children);",
    "const { marks: written, ...own } = attrs;\n    const node = schema.node(el.nodeName, own, children, storedMarks(schema, written));"],
  ["  for (const key in node.attrs) {\n    const val = node.attrs[key];",
    "  const stored = storedAttrs(node);\n  for (const key in stored) {\n    const val = stored[key];"],
  ["  const pChildren = normalizePNodeContent(pNode);\n  const pChildCnt = pChildren.length;\n  const yChildren = yDomFragment.toArray();\n",
    "  const yChildren = yDomFragment.toArray();\n  const pChildren = alongTexts(pNode, yChildren, normalizePNodeContent(pNode), meta);\n"
    + "  const pChildCnt = pChildren.length;\n"],
  ["equalAttrs(ytype.getAttributes(), pnode.attrs) &&", "equalAttrs(ytype.getAttributes(), storedAttrs(pnode)) &&"],
  ["  meta.mapping.set(ytext, ptexts);\n", "  meta.mapping.set(ytext, ptexts);\n  return writeWords(ytext, ptexts, meta);\n"],
  // What comes from others is often tidied in a second step: the place of the cursor is then the one after the first.
  ["        tr.scrollIntoView();\n      }\n      this.prosemirrorView.dispatch(tr);\n",
    "        tr.scrollIntoView();\n      }\n      this.prosemirrorView.dispatch(tr);\n"
    + "      this.beforeTransactionSelection &&= getRelativeSelection(this, this.prosemirrorView.state);\n"],
  ["      if (oldDoc != null) {\n"
    + "        anchor = recoverSelectionEndpoint(tr.doc, oldDoc, relSel.absAnchor, anchor);\n"
    + "        head = recoverSelectionEndpoint(tr.doc, oldDoc, relSel.absHead, head);\n      }\n",
    "      anchor = endAfter(tr.doc, oldDoc, relSel.absAnchor, relSel.anchor, anchor, binding.doc);\n"
    + "      head = endAfter(tr.doc, oldDoc, relSel.absHead, relSel.head, head, binding.doc);\n"],
  // A selection that comes back with an undo is older than the text before it. Bold that was asked for holds for what is typed next.
  ["      restoreRelativeSelection(tr, this.beforeTransactionSelection, this, oldDoc);\n",
    "      restoreRelativeSelection(tr, this.beforeTransactionSelection, this, transaction.origin instanceof Y.UndoManager ? null : oldDoc);\n"
    + "      tr.setStoredMarks(this.prosemirrorView.state.storedMarks);\n"],
  ["  if (isMisresolvedTextPosition(y, relPos, absPos)) {\n    return null\n  }\n", ""],
  // The caret in an empty paragraph stays before what others begin there.
  ["          // edge case, should end in this paragraph\n"
    + "          return new Y.RelativePosition(n._item === null ? null : n._item.id, n._item === null ? Y.findRootTypeKey(n) : null, null)\n",
    "          return new Y.RelativePosition(n._item === null ? null : n._item.id, n._item === null ? Y.findRootTypeKey(n) : null, null, -1)\n"],
  ["    const pAttrs = pNode.attrs;", "    const pAttrs = storedAttrs(pNode);"],
];

export function withNodeMarks(source) {
  for (const [before, after] of CHANGES) {
    if (source.split(before).length !== 2) throw new Error(`y-tiptap has changed, look again at: ${before}`);
    source = source.replace(before, () => after);
  }
  return source + ADDED + WORDS + CARETS;
}

export const nodeMarks = {
  name: "node-marks",
  setup(build) {
    build.onLoad({ filter: /@tiptap[/\\]y-tiptap[/\\]dist[/\\]y-tiptap\.js$/ }, ({ path }) => ({
      contents: withNodeMarks(readFileSync(path, "utf8")), loader: "js",
    }));
  },
};
