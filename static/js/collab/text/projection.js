// The text with every suggestion refused: a suggestion never changes it. The server checks the same.
const ZERO_WIDTH = "\u200B"; // carries the mark of a suggested end or beginning of a block

const findMark = (node, name) => node.marks.find((mark) => mark.type.name === name);

/** Return whether two states of a text differ by suggestions only; only the blocks that changed are compared. */
export function isSuggestionOnly(before, after) {
  const [old, now] = changedBlocks(before, after).map(refusedText);
  return old.length === now.length && old.every((token, index) => token === now[index]);
}

/** Return the blocks of each state between the first and the last that differ. */
export function changedBlocks(before, after) {
  const shared = Math.min(before.childCount, after.childCount);
  let start = 0;
  while (start < shared && before.child(start) === after.child(start)) start += 1;
  let end = 0;
  while (end < shared - start && before.child(before.childCount - 1 - end) === after.child(after.childCount - 1 - end)) end += 1;
  // A suggested break joins neighbouring blocks: the block of an insertion next to the change is compared too.
  while (start && hasInsertion(before.child(start - 1))) start -= 1;
  while (end && hasInsertion(before.child(before.childCount - end))) end -= 1;
  return [before, after].map((doc) => doc.content.content.slice(start, doc.childCount - end));
}

// One token for each opening, word run and closing.
function refusedText(blocks) {
  const reader = { tokens: [], cut: null };
  for (const node of blocks) readBlock(node, reader);
  return mergeRuns(reader.tokens);
}

function hasInsertion(node) {
  if (node.isTextblock && !node.childCount) return true;
  let isFound = Boolean(findMark(node, "insertion"));
  node.descendants((child) => {
    isFound ||= Boolean(findMark(child, "insertion"));
    return !isFound;
  });
  return isFound;
}

function readBlock(node, reader) {
  if (findMark(node, "insertion")) return;
  const original = originalBlock(node);
  reader.tokens.push(`<${original.type} ${JSON.stringify(original.attrs)}>`);
  if (node.isTextblock) readLine(node, reader);
  else node.forEach((child) => readBlock(child, reader));
  reader.tokens.push("</>");
}

// A block before the changes that are suggested to its kind and to its attributes.
function originalBlock(node) {
  const attrs = { ...node.attrs };
  let { type } = node;
  for (const { type: kind, attrs: mark } of node.marks) {
    if (kind.name !== "modification") continue;
    if (mark.type === "attr") attrs[mark.attrName] = mark.previousValue;
    else if (mark.type === "nodeType") type = type.schema.nodes[mark.previousValue] ?? type;
  }
  const own = Object.entries(type.spec.attrs ?? {}).map(([name, spec]) => [name, attrs[name] ?? spec.default]);
  return { type: type.name, attrs: own };
}

// An inserted end and an inserted beginning of the same suggestion cancel out: the two lines are one.
function readLine(node, reader) {
  const first = findMark(node.firstChild ?? node, "insertion");
  if (node.childCount && reader.cut && first?.attrs.id === reader.cut.id) reader.tokens.length = reader.cut.at;
  node.forEach((child) => readLeaf(child, reader));
  if (!node.childCount) return;
  const last = findMark(node.lastChild, "insertion");
  reader.cut = last ? { id: last.attrs.id, at: reader.tokens.length } : null;
}

function readLeaf(node, reader) {
  if (findMark(node, "insertion")) return;
  const marks = node.marks.filter(({ type }) => !["comment", "deletion"].includes(type.name)).map((mark) => mark.toJSON());
  const text = node.isText ? node.text.replaceAll(ZERO_WIDTH, "") : JSON.stringify(node.attrs);
  if (text) reader.tokens.push({ kind: node.isText ? "" : node.type.name, text, marks: JSON.stringify(marks) });
}

// Adjacent text with the same marks is one token.
function mergeRuns(tokens) {
  const joined = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (last?.text !== undefined && token.text !== undefined && !token.kind && !last.kind && last.marks === token.marks)
      joined[joined.length - 1] = { ...last, text: last.text + token.text };
    else joined.push(token);
  }
  return joined.map((token) => (typeof token === "string" ? token : JSON.stringify(token)));
}
