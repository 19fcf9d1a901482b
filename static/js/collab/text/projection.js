// The text as it would stand if every suggestion were refused: a suggestion never changes it. The server asks the same.
const ZERO_WIDTH = "\u200B"; // holds a suggested end or beginning of a block

const has = (node, name) => node.marks.find((mark) => mark.type.name === name);

/** Whether these two states of a text differ by suggestions only; only the blocks that changed are read. */
export function onlySuggests(before, after) {
  const [old, now] = changedBlocks(before, after).map(refusedText);
  return old.length === now.length && old.every((token, place) => token === now[place]);
}

/** The blocks of each state between the first and the last that differ. */
export function changedBlocks(before, after) {
  const shared = Math.min(before.childCount, after.childCount);
  let start = 0;
  while (start < shared && before.child(start) === after.child(start)) start += 1;
  let end = 0;
  while (end < shared - start && before.child(before.childCount - 1 - end) === after.child(after.childCount - 1 - end)) end += 1;
  // A suggested break joins neighbours: where an insertion touches the change, its block is read too.
  while (start && flows(before.child(start - 1))) start -= 1;
  while (end && flows(before.child(before.childCount - end))) end -= 1;
  return [before, after].map((doc) => doc.content.content.slice(start, doc.childCount - end));
}

// One token for each opening, word run and closing.
function refusedText(blocks) {
  const walk = { tokens: [], cut: null };
  for (const node of blocks) block(node, walk);
  return join(walk.tokens);
}

function flows(node) {
  if (node.isTextblock && !node.childCount) return true;
  let found = Boolean(has(node, "insertion"));
  node.descendants((child) => {
    found ||= Boolean(has(child, "insertion"));
    return !found;
  });
  return found;
}

function block(node, walk) {
  if (has(node, "insertion")) return;
  const was = former(node);
  walk.tokens.push(`<${was.type} ${JSON.stringify(was.attrs)}>`);
  if (node.isTextblock) line(node, walk);
  else node.forEach((child) => block(child, walk));
  walk.tokens.push("</>");
}

// A block before the changes that are suggested to its kind and to its attributes.
function former(node) {
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

// Between an inserted end and an inserted beginning of the same suggestion nothing stays: the two lines are one.
function line(node, walk) {
  const first = has(node.firstChild ?? node, "insertion");
  if (node.childCount && walk.cut && first?.attrs.id === walk.cut.id) walk.tokens.length = walk.cut.at;
  node.forEach((child) => leaf(child, walk));
  if (!node.childCount) return;
  const last = has(node.lastChild, "insertion");
  walk.cut = last ? { id: last.attrs.id, at: walk.tokens.length } : null;
}

function leaf(node, walk) {
  if (has(node, "insertion")) return;
  const marks = node.marks.filter(({ type }) => !["comment", "deletion"].includes(type.name)).map((mark) => mark.toJSON());
  const words = node.isText ? node.text.replaceAll(ZERO_WIDTH, "") : JSON.stringify(node.attrs);
  if (words) walk.tokens.push({ kind: node.isText ? "" : node.type.name, words, marks: JSON.stringify(marks) });
}

// Runs of words with the same marks are one token, however they were cut.
function join(tokens) {
  const joined = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (last?.words !== undefined && token.words !== undefined && !token.kind && !last.kind && last.marks === token.marks)
      joined[joined.length - 1] = { ...last, words: last.words + token.words };
    else joined.push(token);
  }
  return joined.map((token) => (typeof token === "string" ? token : JSON.stringify(token)));
}
