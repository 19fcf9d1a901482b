// y-tiptap stores the marks of text only. Suggestions also lie on whole blocks, so its source is changed as it is
// bundled: an element with marks carries them in one attribute, `marks`, as JSON. The build fails if that source has changed.
import { readFileSync } from "node:fs";

const MARKS = `
const storedAttrs = (node) =>
  node.marks.length === 0 ? node.attrs : { ...node.attrs, marks: JSON.stringify(node.marks.map((mark) => mark.toJSON())) };
const storedMarks = (schema, marksJson) => {
  try {
    return typeof marksJson === "string" ? JSON.parse(marksJson).map((mark) => schema.markFromJSON(mark)) : [];
  } catch {
    return [];
  }
};
`;

// y-tiptap writes all marks of a paragraph again at each key and finds a changed letter by comparing letters. Next to
// another writer who types the same letter, one would write inside their suggestion. Here only the difference is written,
// with its marks; among equal letters the caret decides which one is new or deleted. When two people began an empty
// paragraph at once, it holds two texts, of which y-tiptap would delete one: here each text gets its part.
const TEXT_CHANGES = `
const attributesKey = (attributes) =>
  JSON.stringify(Object.entries(attributes ?? {}).map(([name, value]) => [name, Object.entries(value ?? {}).sort()]).sort());
const charactersOf = (runs) => runs.flatMap(({ insert, attributes }) => {
  const key = attributesKey(attributes);
  return Array.from(insert, (character) => ({ character, key, attributes: attributes ?? {} }));
});
const runsOf = (characters, same) => {
  const runs = [];
  for (const character of characters) {
    if (runs.length && same(runs.at(-1)[0], character)) runs.at(-1).push(character);
    else runs.push([character]);
  }
  return runs;
};
const textOf = (characters) => characters.map(({ character }) => character).join("");
const changedAttributes = (old, now) => {
  const changes = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)]))
    if (!old[name] || !now[name] || attributesKey({ name: old[name] }) !== attributesKey({ name: now[name] })) changes[name] = now[name] ?? null;
  return changes;
};
const changedRange = (old, now, same, caret = now.length) => {
  const shared = Math.min(old.length, now.length);
  let [start, end] = [0, 0];
  const isSameEnd = () => end < shared - start && same(old[old.length - 1 - end], now[now.length - 1 - end]);
  while (end < now.length - caret && isSameEnd()) end += 1;
  while (start < shared - end && same(old[start], now[start])) start += 1;
  while (isSameEnd()) end += 1;
  return { start, old: old.slice(start, old.length - end), now: now.slice(start, now.length - end) };
};
const isSameCharacter = (a, b) => a.character === b.character;
const caretOf = (ptexts) =>
  ptexts.caret >= 0 ? Array.from(ptexts.map((p) => p.text).join("").slice(0, ptexts.caret)).length : undefined;
const splitBetweenTexts = (ptexts, ytexts) => {
  const stored = ytexts.map((ytext) => charactersOf(ytext.toDelta()));
  const changed = changedRange(stored.flat(), charactersOf(ptexts.map((p) => ({ insert: p.text }))), isSameCharacter, caretOf(ptexts));
  const [start, old, now] = [textOf(stored.flat().slice(0, changed.start)).length, textOf(changed.old).length, textOf(changed.now).length];
  const all = PModel.Fragment.fromArray(ptexts);
  let [from, end] = [0, 0];
  return stored.map((characters, index) => {
    end += textOf(characters).length;
    const isLast = index === stored.length - 1;
    const to = isLast ? all.size : end < start ? end : Math.max(start + now, end + now - old);
    const part = [...all.cut(from, to).content];
    part.caret = ptexts.caret - from;
    from = to;
    return part;
  });
};
const splitAlongTexts = (pNode, yChildren, pChildren, meta) => {
  const $head = meta.prosemirrorView?.state.selection.$head;
  let [offset, index] = [0, 0];
  return pChildren.flatMap((child) => {
    const ytexts = [];
    while (yChildren[index] instanceof Y.XmlText) ytexts.push(yChildren[index++]);
    if (!(child instanceof Array)) {
      [offset, index] = [offset + child.nodeSize, index + 1];
      return [child];
    }
    child.caret = $head?.parent === pNode ? $head.parentOffset - offset : -1;
    for (const { nodeSize } of child) offset += nodeSize;
    return ytexts.length > 1 ? splitBetweenTexts(child, ytexts) : [child];
  });
};
// Y.Text inserts after everything that was deleted at an index. Somebody who writes in a text that another deletes would
// get that other's letters inside their own. Text without marks after a letter without marks is inserted right after that
// letter; marks end with format items among the letters, which Y.Text keeps in order.
const PLAIN = attributesKey({});
const insertAfter = (ytext, index, text, attributes, left) => {
  if (!left || left.key !== PLAIN || attributesKey(attributes) !== PLAIN) return ytext.insert(index, text, attributes);
  let [item, remaining] = [ytext._start, index];
  while (item && (item.deleted || !item.countable || item.length < remaining)) {
    if (!item.deleted && item.countable) remaining -= item.length;
    item = item.right;
  }
  if (!item) return ytext.insert(index, text, attributes);
  Y.transact(ytext.doc, (transaction) => {
    const { doc: { store, clientID } } = ytext;
    const before = Y.getItemCleanEnd(transaction, store, Y.createID(item.id.client, item.id.clock + remaining - 1));
    const { right } = before;
    const id = Y.createID(clientID, Y.getState(store, clientID));
    ytext._searchMarker = [];
    new Y.Item(id, before, before.lastId, right, right && right.id, ytext, null, new Y.ContentString(text)).integrate(transaction, 0);
  });
};
const writeText = (ytext, ptexts, meta) => {
  const target = charactersOf(ptexts.map((p) => ({ insert: p.text, attributes: marksToAttributes(p.marks, meta) })));
  const stored = charactersOf(ytext.toDelta());
  const caret = caretOf(ptexts);
  const changed = changedRange(stored, target, (a, b) => isSameCharacter(a, b) && a.key === b.key, caret);
  const letters = changedRange(changed.old, changed.now, isSameCharacter, caret && Math.max(0, Math.min(changed.now.length, caret - changed.start)));
  let index = textOf(stored.slice(0, changed.start)).length;
  const format = (old, now) => {
    const pairs = old.map((character, at) => ({ ...character, now: now[at] }));
    for (const run of runsOf(pairs, (a, b) => a.key === b.key && a.now.key === b.now.key)) {
      if (run[0].key !== run[0].now.key) ytext.format(index, textOf(run).length, changedAttributes(run[0].attributes, run[0].now.attributes));
      index += textOf(run).length;
    }
  };
  format(changed.old.slice(0, letters.start), changed.now.slice(0, letters.start));
  if (letters.old.length) ytext.delete(index, textOf(letters.old).length);
  let left = stored[changed.start + letters.start - 1];
  for (const run of runsOf(letters.now, (a, b) => a.key === b.key)) {
    insertAfter(ytext, index, textOf(run), { ...run[0].attributes }, left);
    index += textOf(run).length;
    left = run[0];
  }
  format(changed.old.slice(letters.start + letters.old.length), changed.now.slice(letters.start + letters.now.length));
};
`;

// After a remote change y-tiptap restores a caret from the text of its block, which has just changed, and from its distance
// to the beginning. Here the caret stays after the letter on its left while that letter exists. A split or a change of the
// block type writes all letters again: if none is lost, the caret keeps the number of letters before it.
const CARETS = `
const isAlive = (doc, id) => {
  if (id === null) return true;
  let item = Y.getItem(doc.store, id);
  while (item.redone) item = Y.getItem(doc.store, item.redone);
  return !item.deleted;
};
const lettersOf = (doc, end = doc.content.size) => doc.textBetween(0, end, "", "\uFFFC");
const positionsAt = (doc, count) => {
  const positions = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    if (count >= 0 && count <= node.content.size) positions.push(pos + 1 + count);
    count -= node.content.size;
    return false;
  });
  return positions;
};
const positionByCount = (newDoc, oldDoc, oldAbs) => {
  const [old, now] = [lettersOf(oldDoc), lettersOf(newDoc)];
  const count = lettersOf(oldDoc, oldAbs).length;
  let start = 0;
  while (start < old.length && old[start] === now[start]) start += 1;
  if (!now.endsWith(old.slice(start))) return null;
  const positions = positionsAt(newDoc, count <= start ? count : count + now.length - old.length);
  return positions[Math.min(positionsAt(oldDoc, count).indexOf(oldAbs), positions.length - 1)] ?? null;
};
const restoredEndpoint = (newDoc, oldDoc, oldAbs, relative, resolved, doc) => {
  const isMoved = oldDoc && !isAlive(doc, relative.item ?? relative.type);
  return (isMoved ? positionByCount(newDoc, oldDoc, oldAbs) : null) ?? resolved ?? Math.min(oldAbs, newDoc.content.size);
};
`;

export const CHANGES = [
  ["const node = schema.node(el.nodeName, attrs, children);",
    "const { marks: marksJson, ...own } = attrs;\n    const node = schema.node(el.nodeName, own, children, storedMarks(schema, marksJson));"],
  ["  for (const key in node.attrs) {\n    const val = node.attrs[key];",
    "  const stored = storedAttrs(node);\n  for (const key in stored) {\n    const val = stored[key];"],
  ["  const pChildren = normalizePNodeContent(pNode);\n  const pChildCnt = pChildren.length;\n  const yChildren = yDomFragment.toArray();\n",
    "  const yChildren = yDomFragment.toArray();\n  const pChildren = splitAlongTexts(pNode, yChildren, normalizePNodeContent(pNode), meta);\n"
    + "  const pChildCnt = pChildren.length;\n"],
  ["equalAttrs(ytype.getAttributes(), pnode.attrs) &&", "equalAttrs(ytype.getAttributes(), storedAttrs(pnode)) &&"],
  ["  meta.mapping.set(ytext, ptexts);\n", "  meta.mapping.set(ytext, ptexts);\n  return writeText(ytext, ptexts, meta);\n"],
  // A second step often normalises a remote change: the position of the cursor is then the one after the first step.
  ["        tr.scrollIntoView();\n      }\n      this.prosemirrorView.dispatch(tr);\n",
    "        tr.scrollIntoView();\n      }\n      this.prosemirrorView.dispatch(tr);\n"
    + "      this.beforeTransactionSelection &&= getRelativeSelection(this, this.prosemirrorView.state);\n"],
  ["      if (oldDoc != null) {\n"
    + "        anchor = recoverSelectionEndpoint(tr.doc, oldDoc, relSel.absAnchor, anchor);\n"
    + "        head = recoverSelectionEndpoint(tr.doc, oldDoc, relSel.absHead, head);\n      }\n",
    "      anchor = restoredEndpoint(tr.doc, oldDoc, relSel.absAnchor, relSel.anchor, anchor, binding.doc);\n"
    + "      head = restoredEndpoint(tr.doc, oldDoc, relSel.absHead, relSel.head, head, binding.doc);\n"],
  // The selection that an undo restores is older than the text before it. Stored marks (bold) apply to what is typed next.
  ["      restoreRelativeSelection(tr, this.beforeTransactionSelection, this, oldDoc);\n",
    "      restoreRelativeSelection(tr, this.beforeTransactionSelection, this, transaction.origin instanceof Y.UndoManager ? null : oldDoc);\n"
    + "      tr.setStoredMarks(this.prosemirrorView.state.storedMarks);\n"],
  ["  if (isMisresolvedTextPosition(y, relPos, absPos)) {\n    return null\n  }\n", ""],
  // The caret in an empty paragraph stays before what others insert there.
  ["          // edge case, should end in this paragraph\n"
    + "          return new Y.RelativePosition(n._item === null ? null : n._item.id, n._item === null ? Y.findRootTypeKey(n) : null, null)\n",
    "          return new Y.RelativePosition(n._item === null ? null : n._item.id, n._item === null ? Y.findRootTypeKey(n) : null, null, -1)\n"],
  ["    const pAttrs = pNode.attrs;", "    const pAttrs = storedAttrs(pNode);"],
];

export function withNodeMarks(source) {
  for (const [before, after] of CHANGES) {
    if (source.split(before).length !== 2) throw new Error(`y-tiptap has changed, check again: ${before}`);
    source = source.replace(before, () => after);
  }
  return source + MARKS + TEXT_CHANGES + CARETS;
}

export const nodeMarks = {
  name: "node-marks",
  setup(build) {
    build.onLoad({ filter: /@tiptap[/\\]y-tiptap[/\\]dist[/\\]y-tiptap\.js$/ }, ({ path }) => ({
      contents: withNodeMarks(readFileSync(path, "utf8")), loader: "js",
    }));
  },
};
