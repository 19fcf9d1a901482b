// What other people suggest in some blocks, laid along the original text: it is the same before and after one's own
// suggestion. The server asks the same of every update.
import { isOf } from "./identifiers.js";
import { changedBlocks } from "./projection.js";

/** Whether what others suggest is left as it was; words that they would take away may also be taken away by oneself. */
export function keepsOthers(before, after, user) {
  const [old, now] = changedBlocks(before, after).map((blocks) => new Trace(user).of(blocks));
  if (old.added !== now.added) return false;
  return old.taken.every((id, place) => now.taken[place] === id || isOf(user, now.taken[place] || id));
}

const idOf = (node, name) => node.marks.find((mark) => mark.type.name === name)?.attrs.id ?? "";
const words = (node) => (node.isText ? node.text.replaceAll("\u200B", "") : "");

class Trace {
  constructor(user) {
    Object.assign(this, { user, taken: [], pieces: [], changes: [], breaks: {}, end: { own: new Set(), other: "" } });
  }

  of(blocks) {
    for (const block of blocks) this.#follow(block, "", "");
    return { added: JSON.stringify([this.pieces, this.changes, Object.entries(this.breaks).sort()]), taken: this.taken };
  }

  #follow(node, addedAround, takenAround) {
    const inserted = idOf(node, "insertion") || addedAround;
    const deleted = idOf(node, "deletion") || takenAround;
    for (const { type, attrs } of node.marks)
      if (type.name === "modification" && !isOf(this.user, attrs.id)) this.changes.push(attrs);
    if (node.isInline) this.#leaf(node, inserted, deleted);
    else if (node.isTextblock) this.#line(node, inserted);
    node.forEach((child) => this.#follow(child, inserted, deleted));
  }

  // `taken` has, for each character of the original text, who would take it away.
  #leaf(node, inserted, deleted) {
    if (!inserted) for (let rest = node.isText ? words(node).length : 1; rest > 0; rest -= 1) this.taken.push(deleted);
    else if (!isOf(this.user, inserted)) this.#piece(node, inserted);
  }

  #piece(node, inserted) {
    const marks = node.marks.filter(({ type }) => !["insertion", "deletion", "comment"].includes(type.name)).map((mark) => mark.toJSON());
    const key = JSON.stringify([this.taken.length, inserted, node.type.name, marks, node.isText ? null : node.attrs]);
    const last = this.pieces.at(-1);
    if (node.isText && last?.key === key) last.words += words(node);
    else if (!node.isText || words(node)) this.pieces.push({ key, words: words(node) });
  }

  // How often the addition of another goes over the end of a line, with no break of one's own between.
  #line(node, inserted) {
    const counted = node.content.content.filter((leaf) => words(leaf) || !leaf.isText || idOf(leaf, "insertion"));
    const ids = counted.length ? counted.map((leaf) => idOf(leaf, "insertion") || inserted) : [inserted];
    const { own, other } = this.#edge(ids);
    const isMine = [...own].some((id) => this.end.own.has(id));
    if (other && other === this.end.other && !isMine) this.breaks[other] = (this.breaks[other] ?? 0) + 1;
    this.end = this.#edge(ids.toReversed());
  }

  #edge(ids) {
    const own = new Set();
    for (const id of ids) {
      if (!isOf(this.user, id)) return { own, other: id };
      own.add(id);
    }
    return { own, other: "" };
  }
}
