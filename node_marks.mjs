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
// somebody who types the same letter, one would write in their suggestion. Here only what differs is written, with its marks.
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
const differ = (old, now, same) => {
  const shared = Math.min(old.length, now.length);
  let start = 0;
  while (start < shared && same(old[start], now[start])) start += 1;
  let end = 0;
  while (end < shared - start && same(old[old.length - 1 - end], now[now.length - 1 - end])) end += 1;
  return { start, old: old.slice(start, old.length - end), now: now.slice(start, now.length - end) };
};
const writeWords = (ytext, ptexts, meta) => {
  const wanted = signsOf(ptexts.map((p) => ({ insert: p.text, attributes: marksToAttributes(p.marks, meta) })));
  const held = signsOf(ytext.toDelta());
  const changed = differ(held, wanted, (a, b) => a.sign === b.sign && a.key === b.key);
  const words = differ(changed.old, changed.now, (a, b) => a.sign === b.sign);
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
  for (const run of runsOf(words.now, (a, b) => a.key === b.key)) {
    ytext.insert(place, textOf(run), { ...run[0].attributes });
    place += textOf(run).length;
  }
  format(changed.old.slice(words.start + words.old.length), changed.now.slice(words.start + words.now.length));
};
`;

const CHANGES = [
  ["const node = schema.node(el.nodeName, attrs, children);",
    "const { marks: written, ...own } = attrs;\n    const node = schema.node(el.nodeName, own, children, storedMarks(schema, written));"],
  ["  for (const key in node.attrs) {\n    const val = node.attrs[key];",
    "  const stored = storedAttrs(node);\n  for (const key in stored) {\n    const val = stored[key];"],
  ["equalAttrs(ytype.getAttributes(), pnode.attrs) &&", "equalAttrs(ytype.getAttributes(), storedAttrs(pnode)) &&"],
  ["  meta.mapping.set(ytext, ptexts);\n", "  meta.mapping.set(ytext, ptexts);\n  return writeWords(ytext, ptexts, meta);\n"],
  // What comes from others is often tidied in a second step: the place of the cursor is then the one after the first.
  ["        tr.scrollIntoView();\n      }\n      this.prosemirrorView.dispatch(tr);\n",
    "        tr.scrollIntoView();\n      }\n      this.prosemirrorView.dispatch(tr);\n"
    + "      this.beforeTransactionSelection &&= getRelativeSelection(this, this.prosemirrorView.state);\n"],
  ["    const pAttrs = pNode.attrs;", "    const pAttrs = storedAttrs(pNode);"],
];

export function withNodeMarks(source) {
  for (const [before, after] of CHANGES) {
    if (source.split(before).length !== 2) throw new Error(`y-tiptap has changed, look again at: ${before}`);
    source = source.replace(before, () => after);
  }
  return source + ADDED + WORDS;
}

export const nodeMarks = {
  name: "node-marks",
  setup(build) {
    build.onLoad({ filter: /@tiptap[/\\]y-tiptap[/\\]dist[/\\]y-tiptap\.js$/ }, ({ path }) => ({
      contents: withNodeMarks(readFileSync(path, "utf8")), loader: "js",
    }));
  },
};
