// The schema of an opinion, the same in every open page, on the server and in print.
// A page whose schema lacks a node deletes it for everybody, so a change here raises SCHEMA_VERSION here and on the server.
import { Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { MARKS } from "./schema/marks.js";
import { Recommendation, RecommendationField, RecommendationTitle } from "./schema/recommendation.js";

export { PROMPTS } from "./schema/recommendation.js";
export { allowedAddress } from "./schema/marks.js";

export const SCHEMA_VERSION = 1;

// Prose is what may stand inside a list, a quotation, a cell or an answer: paragraphs and lists, nothing bigger.
const PROSE = "prose+";

// Whole blocks may be suggested too, so every node that contains blocks allows these marks on them.
const marks = "insertion deletion modification";

const numberAttribute = (name) => ({
  default: 1,
  parseHTML: (element) => Number(element.getAttribute(name)) || 1,
  renderHTML: (attributes) => (attributes[name] !== 1 ? { [name]: attributes[name] } : {}),
});
const cellAttributes = () => ({
  colspan: numberAttribute("colspan"),
  rowspan: numberAttribute("rowspan"),
  colwidth: { default: null, rendered: false },
});

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes: () => ({ text: { default: "", rendered: false, parseHTML: (element) => element.textContent } }),
  parseHTML: () => [{ tag: "small[data-footnote]" }],
  renderHTML: ({ node }) => ["small", { "data-footnote": "" }, node.attrs.text],
  renderText: ({ node }) => ` (${node.attrs.text})`,
});

const NODES = [
  Document.extend({ content: "(block | recommendation)+", marks }),
  Paragraph.extend({ group: "block prose" }),
  Text,
  Heading.extend({
    addAttributes: () => ({ level: { default: 2, rendered: false } }),
  }).configure({ levels: [2, 3, 4] }),
  BulletList.extend({ group: "block list prose", marks }),
  OrderedList.extend({
    group: "block list prose",
    marks,
    addAttributes: () => ({ start: numberAttribute("start") }),
    renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
  }),
  ListItem.extend({ content: "paragraph prose*", marks }),
  Blockquote.extend({ content: PROSE, marks }),
  HardBreak,
  Footnote,
  // The policy of the site refuses styles written in attributes: the column widths of the table would be one.
  Table.extend({ marks, renderHTML: () => ["table", ["tbody", 0]] }).configure({ resizable: false }),
  TableRow.extend({ marks }),
  TableHeader.extend({ content: PROSE, marks, addAttributes: cellAttributes }),
  TableCell.extend({ content: PROSE, marks, addAttributes: cellAttributes }),
  Recommendation,
  RecommendationTitle,
  RecommendationField,
];

export const extensions = [...NODES, ...MARKS];
