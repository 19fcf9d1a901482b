// Suggestions of other people keep their author: typing over, next to or inside one neither removes nor re-signs it.
import { isOf } from "./identifiers.js";

const KINDS = ["insertion", "deletion", "modification"];

function suggestionsOfOthers(doc, user) {
  const found = [];
  doc.descendants((node, pos) => {
    for (const mark of node.marks)
      if (KINDS.includes(mark.type.name) && !isOf(user, mark.attrs.id))
        found.push({ from: pos, to: pos + node.nodeSize, mark, inline: node.isInline });
  });
  return found;
}

/** Where `tracked` wrote something new, as ranges of the text after it. */
function written(tracked) {
  const ranges = [];
  tracked.mapping.maps.forEach((map, step) => {
    const rest = tracked.mapping.slice(step + 1);
    map.forEach((_from, _to, from, to) => ranges.push([rest.map(from, -1), rest.map(to, 1)]));
  });
  return ranges.filter(([from, to]) => from < to);
}

function without([from, to], holes) {
  let parts = [[from, to]];
  for (const [start, end] of holes)
    parts = parts.flatMap(([a, b]) => (end <= a || start >= b ? [[a, b]] : [[a, Math.max(a, start)], [Math.min(b, end), b]]));
  return parts.filter(([a, b]) => a < b);
}

const isTheirs = (node, user) => node.marks.some((mark) => mark.type.name === "insertion" && !isOf(user, mark.attrs.id));
const isMine = (node, user) => node.marks.some((mark) => mark.type.name === "insertion" && isOf(user, mark.attrs.id));

/** Whether a block around this place is somebody else's addition. */
function inTheirs(doc, pos, user) {
  const $pos = doc.resolve(pos);
  for (let depth = $pos.depth; depth > 0; depth -= 1) if (isTheirs($pos.node(depth), user)) return true;
  return false;
}

/** Whether these steps really take away words or blocks that somebody else proposes to add. */
export function takesFromOthers(tracked, user) {
  return tracked.mapping.maps.some((map, step) => {
    let takes = false;
    const doc = tracked.docs[step];
    map.forEach((from, to) => {
      if (from < to)
        doc.nodesBetween(from, to, (node, pos) => {
          const whole = node.isInline || (pos >= from && pos + node.nodeSize <= to);
          takes ||= whole && (isTheirs(node, user) || (!isMine(node, user) && node.isInline && inTheirs(doc, pos, user)));
        });
    });
    return takes;
  });
}

/** Put back the marks of other people that `tracked` changed, and mark what is new with `id`. */
export function restoreOthersMarks(tracked, before, user, id) {
  const fresh = written(tracked);
  const theirs = [];
  for (const { from, to, mark, inline } of suggestionsOfOthers(before, user)) {
    const [start, end] = [tracked.mapping.map(from, 1), tracked.mapping.map(to, -1)];
    if (!inline) {
      theirs.push({ range: [start, start + 1], mark });
      const node = tracked.doc.nodeAt(start);
      if (node && !mark.isInSet(node.marks)) tracked.addNodeMark(start, mark);
      continue;
    }
    for (const part of without([start, end], fresh)) {
      theirs.push({ range: part, mark });
      if (!tracked.doc.rangeHasMark(...part, mark.type) || !sameThroughout(tracked.doc, part, mark)) tracked.addMark(...part, mark);
    }
  }
  sign(tracked, theirs, user, id);
  signInside(tracked, fresh, user, id);
  keepFirst(tracked, before);
  dropIdle(tracked, user);
}

function sameThroughout(doc, [from, to], mark) {
  let same = true;
  doc.nodesBetween(from, to, (node) => {
    if (node.isInline) same &&= mark.isInSet(node.marks);
  });
  return same;
}

function sign(tracked, theirs, user, id) {
  for (const { from, to, mark, inline } of suggestionsOfOthers(tracked.doc, user)) {
    const kept = theirs.filter((held) => held.mark.eq(mark)).map((held) => held.range);
    const mine = mark.type.create({ ...mark.attrs, id });
    if (inline) for (const part of without([from, to], kept)) tracked.addMark(...part, mine);
    else if (!kept.some(([start]) => start === from)) tracked.removeNodeMark(from, mark).addNodeMark(from, mine);
  }
}

// Words typed in a block that somebody else adds are additions of their own.
function signInside(tracked, fresh, user, id) {
  const mark = tracked.doc.type.schema.marks.insertion.create({ id });
  for (const [start, end] of fresh)
    tracked.doc.nodesBetween(start, end, (node, pos) => {
      if (!node.isInline || node.marks.some(({ type }) => KINDS.includes(type.name)) || !inTheirs(tracked.doc, pos, user)) return;
      tracked.addMark(Math.max(start, pos), Math.min(end, pos + node.nodeSize), mark);
    });
}

// A block changed twice goes back to what it was before the first change.
function keepFirst(tracked, before) {
  before.descendants((node, pos) => {
    for (const old of node.marks.filter(({ type }) => type.name === "modification")) {
      const place = tracked.mapping.map(pos, 1);
      const same = (mark) => mark.type === old.type && mark.attrs.type === old.attrs.type && mark.attrs.attrName === old.attrs.attrName;
      const now = tracked.doc.nodeAt(place)?.marks.find((mark) => same(mark) && !mark.eq(old));
      if (!now) continue;
      const { previousValue } = old.attrs;
      tracked.removeNodeMark(place, now).addNodeMark(place, now.type.create({ ...now.attrs, previousValue }));
    }
  });
}

// The library notes the level of a new heading as a change, from itself to itself.
function dropIdle(tracked, user) {
  tracked.doc.descendants((node, pos) => {
    for (const mark of node.marks)
      if (mark.type.name === "modification" && mark.attrs.type === "attr" && isOf(user, mark.attrs.id)
        && mark.attrs.previousValue === mark.attrs.newValue) tracked.removeNodeMark(pos, mark);
  });
}
