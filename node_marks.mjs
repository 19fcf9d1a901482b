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

const CHANGES = [
  ["const node = schema.node(el.nodeName, attrs, children);",
    "const { marks: written, ...own } = attrs;\n    const node = schema.node(el.nodeName, own, children, storedMarks(schema, written));"],
  ["  for (const key in node.attrs) {\n    const val = node.attrs[key];",
    "  const stored = storedAttrs(node);\n  for (const key in stored) {\n    const val = stored[key];"],
  ["equalAttrs(ytype.getAttributes(), pnode.attrs) &&", "equalAttrs(ytype.getAttributes(), storedAttrs(pnode)) &&"],
  ["    const pAttrs = pNode.attrs;", "    const pAttrs = storedAttrs(pNode);"],
];

export function withNodeMarks(source) {
  for (const [before, after] of CHANGES) {
    if (source.split(before).length !== 2) throw new Error(`y-tiptap has changed, look again at: ${before}`);
    source = source.replace(before, () => after);
  }
  return source + ADDED;
}

export const nodeMarks = {
  name: "node-marks",
  setup(build) {
    build.onLoad({ filter: /@tiptap[/\\]y-tiptap[/\\]dist[/\\]y-tiptap\.js$/ }, ({ path }) => ({
      contents: withNodeMarks(readFileSync(path, "utf8")), loader: "js",
    }));
  },
};
