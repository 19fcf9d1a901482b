// Suggestions of other people keep their author: typing over, next to or inside one neither removes it nor changes its id.
import { isOwnedBy } from "./identifiers.js";

const KINDS = ["insertion", "deletion", "modification"];

function suggestionsOfOthers(doc, user) {
  const suggestions = [];
  doc.descendants((node, pos) => {
    for (const mark of node.marks)
      if (KINDS.includes(mark.type.name) && !isOwnedBy(user, mark.attrs.id))
        suggestions.push({ from: pos, to: pos + node.nodeSize, mark, inline: node.isInline });
  });
  return suggestions;
}

/** Return the ranges that `tracked` changed, in the text after it. */
function changedRanges(tracked) {
  const ranges = [];
  tracked.mapping.maps.forEach((map, step) => {
    const following = tracked.mapping.slice(step + 1);
    map.forEach((_from, _to, from, to) => ranges.push([following.map(from, -1), following.map(to, 1)]));
  });
  return ranges.filter(([from, to]) => from < to);
}

function subtractRanges([from, to], holes) {
  let parts = [[from, to]];
  for (const [start, end] of holes)
    parts = parts.flatMap(([a, b]) => (end <= a || start >= b ? [[a, b]] : [[a, Math.max(a, start)], [Math.min(b, end), b]]));
  return parts.filter(([a, b]) => a < b);
}

const isTheirs = (node, user) => node.marks.some((mark) => mark.type.name === "insertion" && !isOwnedBy(user, mark.attrs.id));
const isMine = (node, user) => node.marks.some((mark) => mark.type.name === "insertion" && isOwnedBy(user, mark.attrs.id));

/** Return whether a block around this position is an insertion of somebody else. */
function isInTheirs(doc, pos, user) {
  const $pos = doc.resolve(pos);
  for (let depth = $pos.depth; depth > 0; depth -= 1) if (isTheirs($pos.node(depth), user)) return true;
  return false;
}

/** Return whether these steps delete text or blocks that somebody else suggests to add. */
export function deletesFromOthers(tracked, user) {
  return tracked.mapping.maps.some((map, step) => {
    let deletes = false;
    const doc = tracked.docs[step];
    map.forEach((from, to) => {
      if (from < to)
        doc.nodesBetween(from, to, (node, pos) => {
          const whole = node.isInline || (pos >= from && pos + node.nodeSize <= to);
          deletes ||= whole && (isTheirs(node, user) || (!isMine(node, user) && node.isInline && isInTheirs(doc, pos, user)));
        });
    });
    return deletes;
  });
}

/** Restore the marks of other people that `tracked` changed, and mark new content with `id`. */
export function restoreOthersMarks(tracked, before, user, id) {
  const newRanges = changedRanges(tracked);
  const theirs = [];
  for (const { from, to, mark, inline } of suggestionsOfOthers(before, user)) {
    const [start, end] = [tracked.mapping.map(from, 1), tracked.mapping.map(to, -1)];
    if (!inline) {
      theirs.push({ range: [start, start + 1], mark });
      const node = tracked.doc.nodeAt(start);
      if (node && !mark.isInSet(node.marks)) tracked.addNodeMark(start, mark);
      continue;
    }
    for (const part of subtractRanges([start, end], newRanges)) {
      theirs.push({ range: part, mark });
      if (!tracked.doc.rangeHasMark(...part, mark.type) || !sameThroughout(tracked.doc, part, mark)) tracked.addMark(...part, mark);
    }
  }
  signRest(tracked, theirs, user, id);
  markTypedInside(tracked, newRanges, user, id);
  restorePreviousValues(tracked, before);
  removeUnchanged(tracked, user);
}

function sameThroughout(doc, [from, to], mark) {
  let same = true;
  doc.nodesBetween(from, to, (node) => {
    if (node.isInline) same &&= mark.isInSet(node.marks);
  });
  return same;
}

function signRest(tracked, theirs, user, id) {
  for (const { from, to, mark, inline } of suggestionsOfOthers(tracked.doc, user)) {
    const restoredRanges = theirs.filter((entry) => entry.mark.eq(mark)).map((entry) => entry.range);
    const mine = mark.type.create({ ...mark.attrs, id });
    if (inline) for (const part of subtractRanges([from, to], restoredRanges)) tracked.addMark(...part, mine);
    else if (!restoredRanges.some(([start]) => start === from)) tracked.removeNodeMark(from, mark).addNodeMark(from, mine);
  }
}

// Text typed in a block that somebody else adds is an insertion of its own author.
function markTypedInside(tracked, newRanges, user, id) {
  const mark = tracked.doc.type.schema.marks.insertion.create({ id });
  for (const [start, end] of newRanges)
    tracked.doc.nodesBetween(start, end, (node, pos) => {
      if (!node.isInline || node.marks.some(({ type }) => KINDS.includes(type.name)) || !isInTheirs(tracked.doc, pos, user)) return;
      tracked.addMark(Math.max(start, pos), Math.min(end, pos + node.nodeSize), mark);
    });
}

// A block that is changed twice keeps the value from before the first change.
function restorePreviousValues(tracked, before) {
  before.descendants((node, pos) => {
    for (const old of node.marks.filter(({ type }) => type.name === "modification")) {
      const position = tracked.mapping.map(pos, 1);
      const same = (mark) => mark.type === old.type && mark.attrs.type === old.attrs.type && mark.attrs.attrName === old.attrs.attrName;
      const now = tracked.doc.nodeAt(position)?.marks.find((mark) => same(mark) && !mark.eq(old));
      if (!now) continue;
      const { previousValue } = old.attrs;
      tracked.removeNodeMark(position, now).addNodeMark(position, now.type.create({ ...now.attrs, previousValue }));
    }
  });
}

// The library records the level of a new heading as a modification without a difference.
function removeUnchanged(tracked, user) {
  tracked.doc.descendants((node, pos) => {
    for (const mark of node.marks)
      if (mark.type.name === "modification" && mark.attrs.type === "attr" && isOwnedBy(user, mark.attrs.id)
        && mark.attrs.previousValue === mark.attrs.newValue) tracked.removeNodeMark(pos, mark);
  });
}
