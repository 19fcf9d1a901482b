// What can be laid over words: weight, links, anchors of comments, and the suggestions of « Je propose ».
import { Mark } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";

const ADDRESS = /^(?:https?|mailto|tel):/i;

export const allowedAddress = (href) => typeof href === "string" && ADDRESS.test(href);

const named = (data) => ({
  id: { default: "", parseHTML: (element) => element.dataset[data], renderHTML: ({ id }) => ({ [`data-${data}`]: id }) },
});

// Several comments may stand on the same words; what is typed at the end of one is not commented.
const Comment = Mark.create({
  name: "comment",
  priority: 970,
  inclusive: false,
  excludes: "",
  addAttributes: () => named("comment"),
  parseHTML: () => [{ tag: "mark[data-comment]" }],
  renderHTML: ({ HTMLAttributes }) => ["mark", HTMLAttributes, 0],
});

const suggestion = (name, tag, priority, others) =>
  Mark.create({
    name,
    priority,
    inclusive: false,
    excludes: others,
    addAttributes: () => named("suggestion"),
    parseHTML: () => [{ tag: `${tag}[data-suggestion]` }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });

const Insertion = suggestion("insertion", "ins", 960, "insertion deletion modification");
const Deletion = suggestion("deletion", "del", 950, "insertion deletion modification").extend({
  // Words that a word processor kept as struck out are not pasted as if they still stood.
  parseHTML: () => [{ tag: "del[data-suggestion]" }, { tag: "del", ignore: true }],
});

const hidden = (fallback) => ({ default: fallback, rendered: false });

// The library that tracks suggestions asks for it; it lies on blocks, which the shared text does not store.
const Modification = Mark.create({
  name: "modification",
  priority: 940,
  inclusive: false,
  excludes: "insertion deletion",
  addAttributes: () => ({
    ...named("modification"),
    type: hidden(""), attrName: hidden(null), previousValue: hidden(null), newValue: hidden(null),
  }),
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
});

const PlainLink = Link.extend({
  priority: 930,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [{ tag: "a[href]", getAttrs: (element) => allowedAddress(element.getAttribute("href")) && null }],
  renderHTML: ({ mark }) => ["a", allowedAddress(mark.attrs.href) ? { href: mark.attrs.href } : {}, 0],
}).configure({ openOnClick: false, autolink: false, linkOnPaste: false, isAllowedUri: allowedAddress });

export const MARKS = [
  Comment, Insertion, Deletion, Modification, PlainLink, Bold.extend({ priority: 920 }), Italic.extend({ priority: 910 }),
];
