// The suggestions of other people in some blocks, by their position in the original text: one's own suggestion must not
// change them. The server checks the same for every update.
import { isOwnedBy } from "./identifiers.js";
import { changedBlocks } from "./projection.js";

/** Return whether the suggestions of others are unchanged; one may also delete the text that they suggest to delete. */
export function leavesOthersUnchanged(before, after, user) {
  const [old, now] = changedBlocks(before, after).map((blocks) => new Trace(user).of(blocks));
  if (old.insertions !== now.insertions) return false;
  return old.deletions.every((id, index) => now.deletions[index] === id || isOwnedBy(user, now.deletions[index] || id));
}

const idOf = (node, name) => node.marks.find((mark) => mark.type.name === name)?.attrs.id ?? "";
const textOf = (node) => (node.isText ? node.text.replaceAll("\u200B", "") : "");

class Trace {
  constructor(user) {
    Object.assign(this, { user, deletions: [], fragments: [], changes: [], breaks: {}, end: { own: new Set(), other: "" } });
  }

  of(blocks) {
    for (const block of blocks) this.#visit(block, "", "");
    return { insertions: JSON.stringify([this.fragments, this.changes, Object.entries(this.breaks).sort()]), deletions: this.deletions };
  }

  #visit(node, insertedAround, deletedAround) {
    const inserted = idOf(node, "insertion") || insertedAround;
    const deleted = idOf(node, "deletion") || deletedAround;
    for (const { type, attrs } of node.marks)
      if (type.name === "modification" && !isOwnedBy(this.user, attrs.id)) this.changes.push(attrs);
    if (node.isInline) this.#visitLeaf(node, inserted, deleted);
    else if (node.isTextblock) this.#visitLine(node, inserted);
    node.forEach((child) => this.#visit(child, inserted, deleted));
  }

  // `deletions` has, for each character of the original text, the id of the suggestion that deletes it.
  #visitLeaf(node, inserted, deleted) {
    if (!inserted) for (let remaining = node.isText ? textOf(node).length : 1; remaining > 0; remaining -= 1) this.deletions.push(deleted);
    else if (!isOwnedBy(this.user, inserted)) this.#addFragment(node, inserted);
  }

  #addFragment(node, inserted) {
    const marks = node.marks.filter(({ type }) => !["insertion", "deletion", "comment"].includes(type.name)).map((mark) => mark.toJSON());
    const key = JSON.stringify([this.deletions.length, inserted, node.type.name, marks, node.isText ? null : node.attrs]);
    const last = this.fragments.at(-1);
    if (node.isText && last?.key === key) last.text += textOf(node);
    else if (!node.isText || textOf(node)) this.fragments.push({ key, text: textOf(node) });
  }

  // Count how often an insertion of another user crosses the end of a line without a break of this user between.
  #visitLine(node, inserted) {
    const counted = node.content.content.filter((leaf) => textOf(leaf) || !leaf.isText || idOf(leaf, "insertion"));
    const ids = counted.length ? counted.map((leaf) => idOf(leaf, "insertion") || inserted) : [inserted];
    const { own, other } = this.#edge(ids);
    const isMine = [...own].some((id) => this.end.own.has(id));
    if (other && other === this.end.other && !isMine) this.breaks[other] = (this.breaks[other] ?? 0) + 1;
    this.end = this.#edge(ids.toReversed());
  }

  #edge(ids) {
    const own = new Set();
    for (const id of ids) {
      if (!isOwnedBy(this.user, id)) return { own, other: id };
      own.add(id);
    }
    return { own, other: "" };
  }
}
