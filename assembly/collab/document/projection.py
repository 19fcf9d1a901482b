"""The check of an update against the writer's right: `allows`.

It compares the traces of other people's suggestions, along the original text, before and after.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from assembly.collab.document import grammar, settling
from assembly.collab.document.grammar import ZERO_WIDTH, Tree
from assembly.collab.document.schema import merged_runs

COMMENT, SUGGEST, WRITE = 2, 3, 4


def settled(tree: Tree, accept: bool) -> Tree:
    """Return the text with every suggestion accepted, or with none (the original), without suggestion marks."""
    return settling.decided(tree, None, accept=accept)


def allows(before: Tree, after: Tree, right: int, prefix: str) -> bool:
    """Return whether a user with this right may turn one tree into the other; ids of new marks have this prefix.

    To comment: nothing but comments of one's own. To suggest: also suggestions of one's own, over the same original
    text, next to what others suggest; one may withdraw one's own. To write: everything.
    """
    if right >= WRITE:
        return True
    if right < COMMENT:
        return False
    old, new = _changed(before.get("content", []), after.get("content", []))
    old, new = _without_comments(old, prefix), _without_comments(new, prefix)
    if old == new:
        return True
    return right >= SUGGEST and _same_original(old, new) and Trace.of(old, prefix).allows(Trace.of(new, prefix))


def _changed(old: Sequence[Tree], new: Sequence[Tree]) -> tuple[list[Tree], list[Tree]]:
    """Return the blocks from the first to the last that differ, with neighbours that a suggested break may reach."""
    shortest = min(len(old), len(new))
    head = 0
    while head < shortest and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shortest - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    while head and _may_flow(old[head - 1]):
        head -= 1
    while tail and _may_flow(old[-tail]):
        tail -= 1
    return list(old[head : len(old) - tail]), list(new[head : len(new) - tail])


def _may_flow(block: Tree) -> bool:
    """Return whether a suggested break may reach through this block into the next one."""
    return not block.get("content") or _is_suggested(block)


def _is_suggested(node: Tree) -> bool:
    return any(mark["type"] == "insertion" for mark in node.get("marks", [])) or any(
        _is_suggested(child) for child in node.get("content", [])
    )


def _without_comments(blocks: list[Tree], prefix: str) -> list[Tree]:
    return [_uncommented(block, prefix) for block in blocks]


def _uncommented(node: Tree, prefix: str) -> Tree:
    copy = dict(node)
    if marks := node.get("marks"):
        other_marks = [
            mark for mark in marks if mark["type"] != "comment" or not mark["attrs"]["id"].startswith(prefix)
        ]
        if len(other_marks) < len(marks):
            copy["marks"] = other_marks
            if not other_marks:
                del copy["marks"]
    if content := node.get("content"):
        copy["content"] = merged_runs([_uncommented(child, prefix) for child in content])
    return copy


def _same_original(old: list[Tree], new: list[Tree]) -> bool:
    return _original(old) == _original(new)


def _original(blocks: list[Tree]) -> list[Tree]:
    """Return blocks without suggestions and without empty paragraphs at the end, which editors add to write in."""
    originals = settled(grammar.node("doc", content=blocks), accept=False)["content"]
    while originals and originals[-1]["type"] == "paragraph" and not originals[-1].get("content"):
        originals.pop()
    return originals


Piece = tuple[int, str, Any]
End = tuple[frozenset[str], str]


@dataclass
class Trace:
    """Suggestions as seen by the person whose own ids begin with `prefix`.

    `deleted` is (count of original characters, id or ""); `inserted` the pieces that others add, each with its place;
    `changed` the blocks that others change; `breaks` how often an insertion of others crosses the end of a line;
    `names` the ids of others.
    """

    prefix: str
    deleted: list[tuple[int, str]] = field(default_factory=list)
    inserted: list[Piece] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    breaks: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    place: int = 0
    end: End = (frozenset(), "")

    @classmethod
    def of(cls, blocks: Iterable[Tree], prefix: str) -> "Trace":
        trace = cls(prefix)
        for block in blocks:
            trace.follow(block, "", "")
        return trace

    def allows(self, after: "Trace") -> bool:
        """Return whether only suggestions of one's own were added, removed or extended."""
        if (self.place, self.inserted, self.changed) != (after.place, after.inserted, after.changed):
            return False
        if self.breaks != after.breaks or not after.names <= self.names:
            return False
        return all(
            new == old or new.startswith(self.prefix) or (not new and old.startswith(self.prefix))
            for old, new in _together(self.deleted, after.deleted)
        )

    def follow(self, node: Tree, inserted: str, deleted: str) -> None:
        """Walk through a node inside an insertion and a deletion of these ids, "" when in none."""
        kind, others = node["type"], []
        for mark in node.get("marks", []):
            identity = mark["attrs"]["id"] if mark["type"] in grammar.SUGGESTIONS else ""
            match mark["type"]:
                case "insertion":
                    inserted = identity
                case "deletion":
                    deleted = identity
                case "modification":
                    self.changed += [] if self.is_own(identity) else [mark["attrs"]]
                case _:
                    others.append(mark)
            self.names |= {identity} if identity and not self.is_own(identity) else set()
        if kind == "text" or not grammar.NODES[kind].children:
            self.leaf(node, inserted, deleted, others)
        elif grammar.NODES[kind].is_text_block:
            self.line(node, inserted)
        for child in node.get("content", []):
            self.follow(child, inserted, deleted)

    def is_own(self, identity: str) -> bool:
        return identity.startswith(self.prefix)

    def leaf(self, node: Tree, inserted: str, deleted: str, others: list[Tree]) -> None:
        text = node.get("text", "").replace(ZERO_WIDTH, "")
        if not inserted:
            self.pass_by(len(text) if node["type"] == "text" else 1, deleted)
        elif not self.is_own(inserted):
            self.insert(inserted, (node["type"], text, node.get("attrs"), others))

    def insert(self, identity: str, piece: tuple[str, str, Any, list[Tree]]) -> None:
        """Add a piece, merged with the one before when only something of one's own was between them."""
        kind, text, attrs, others = piece
        if kind == "text" and self.inserted:
            position, last, (last_kind, last_text, _attrs, last_others) = self.inserted[-1]
            if (position, last, last_kind, last_others) == (self.place, identity, "text", others):
                self.inserted[-1] = (position, last, ("text", last_text + text, attrs, others))
                return
        if kind != "text" or text:
            self.inserted.append((self.place, identity, piece))

    def pass_by(self, count: int, deleted: str) -> None:
        self.place += count
        if self.deleted and self.deleted[-1][1] == deleted:
            self.deleted[-1] = (self.deleted[-1][0] + count, deleted)
        elif count:
            self.deleted.append((count, deleted))

    def line(self, node: Tree, inserted: str) -> None:
        """Record whether an insertion of others continues from the line before, with no break of one's own."""
        ids = [_insertion(leaf) or inserted for leaf in node.get("content", []) if _counts(leaf)] or [inserted]
        own, other = self.edge(ids)
        own_before, before = self.end
        if other and other == before and not own & own_before:
            self.breaks[other] += 1
        self.end = self.edge(reversed(ids))

    def edge(self, ids: Iterable[str]) -> End:
        """Return one's own ids at an end of a line, then the first other id, "" for the text itself."""
        own: set[str] = set()
        for identity in ids:
            if not self.is_own(identity):
                return frozenset(own), identity
            own.add(identity)
        return frozenset(own), ""


def _counts(leaf: Tree) -> bool:
    """Return whether a leaf counts: a zero-width character that is not inserted only marks a break to be removed."""
    return leaf["type"] != "text" or bool(leaf["text"].strip(ZERO_WIDTH)) or bool(_insertion(leaf))


def _insertion(node: Tree) -> str:
    return next((str(mark["attrs"]["id"]) for mark in node.get("marks", []) if mark["type"] == "insertion"), "")


def _together(old: list[tuple[int, str]], new: list[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Yield the two ids over each run of characters; both sides have the same length."""
    others = iter(new)
    left, other = 0, ""
    for count, identity in old:
        while count:
            if not left:
                left, other = next(others)
            yield identity, other
            step = min(count, left)
            count, left = count - step, left - step
