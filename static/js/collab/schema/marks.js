// Marks of text: bold and italic, links, anchors of comments, and the suggestions of « Je propose ».
import { Mark } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Italic } from "@tiptap/extension-italic";

const ADDRESS = /^(?:https?|mailto):/i;
const REL = "noopener noreferrer nofollow";

export const allowedAddress = (href) => typeof href === "string" && ADDRESS.test(href);

const Link = Mark.create({
  name: "link",
  priority: 970,
  inclusive: false,
  keepOnSplit: false,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [{ tag: "a[href]", getAttrs: (element) => allowedAddress(element.getAttribute("href")) && null }],
  renderHTML: ({ mark }) => ["a", { href: allowedAddress(mark.attrs.href) ? mark.attrs.href : "", rel: REL }, 0],
});

const idAttribute = (data) => ({
  default: "",
  parseHTML: (element) => element.getAttribute(data),
  renderHTML: ({ id }) => ({ [data]: id }),
});

// Several comments may mark the same text; text typed at the end of one does not belong to it.
const Comment = Mark.create({
  name: "comment",
  priority: 940,
  inclusive: false,
  excludes: "",
  addAttributes: () => ({ id: idAttribute("data-comment") }),
  parseHTML: () => [{ tag: "mark[data-comment]" }],
  renderHTML: ({ HTMLAttributes }) => ["mark", HTMLAttributes, 0],
});

const suggestion = (name, tag, priority) =>
  Mark.create({
    name,
    priority,
    inclusive: false,
    excludes: "insertion modification deletion",
    addAttributes: () => ({ id: idAttribute("data-id") }),
    parseHTML: () => [{ tag: `${tag}[data-id]` }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });

const Insertion = suggestion("insertion", "ins", 930);
const Deletion = suggestion("deletion", "del", 920).extend({
  // Text that a word processor marked as deleted is not pasted.
  parseHTML: () => [{ tag: "del[data-id]" }, { tag: "del", ignore: true }],
});

const jsonAttribute = (name, data) => ({
  default: null,
  parseHTML: (element) => JSON.parse(element.getAttribute(data) ?? "null"),
  renderHTML: (attributes) => ({ [data]: JSON.stringify(attributes[name]) }),
});

// A block that changes its kind, level or attribute: what it was and what it would become.
const Modification = Mark.create({
  name: "modification",
  priority: 910,
  inclusive: false,
  excludes: "deletion insertion",
  addAttributes: () => ({
    id: idAttribute("data-id"),
    type: {
      default: "",
      parseHTML: (element) => element.dataset.modType,
      renderHTML: ({ type }) => ({ "data-mod-type": type }),
    },
    attrName: {
      default: null,
      parseHTML: (element) => element.dataset.modAttr ?? null,
      renderHTML: ({ attrName }) => (attrName === null ? {} : { "data-mod-attr": attrName }),
    },
    previousValue: jsonAttribute("previousValue", "data-mod-prev-val"),
    newValue: jsonAttribute("newValue", "data-mod-new-val"),
  }),
  parseHTML: () => [{ tag: "span[data-type='modification']" }],
  renderHTML: ({ HTMLAttributes }) => ["span", { "data-type": "modification", ...HTMLAttributes }, 0],
});

export const MARKS = [
  Link, Bold.extend({ priority: 960 }), Italic.extend({ priority: 950 }), Comment, Insertion, Deletion, Modification,
];
