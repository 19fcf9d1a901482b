"""What other people suggest in some blocks, laid along the original text, so that two states can be compared."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assembly.collab.document import grammar
from assembly.collab.document.grammar import ZERO_WIDTH, Tree

Piece = tuple[int, str, Any]
End = tuple[frozenset[str], str]


@dataclass
class Trace:
    """Suggestions as somebody meets them whose own ids begin with `prefix`.

    `deleted` is (count of original characters, id or ""); `inserted` the pieces that others add, each with its place;
    `changed` the blocks that others change; `breaks` how often the addition of another goes over the end of a line;
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
        """Whether only suggestions of one's own came, went or grew."""
        if (self.place, self.inserted, self.changed) != (after.place, after.inserted, after.changed):
            return False
        if self.breaks != after.breaks or not after.names <= self.names:
            return False
        return all(
            new == old or new.startswith(self.prefix) or (not new and old.startswith(self.prefix))
            for old, new in _together(self.deleted, after.deleted)
        )

    def follow(self, node: Tree, inserted: str, deleted: str) -> None:
        """Go through a node that lies in an addition and in a deletion of these ids, "" when in none."""
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
        words = node.get("text", "").replace(ZERO_WIDTH, "")
        if not inserted:
            self.pass_by(len(words) if node["type"] == "text" else 1, deleted)
        elif not self.is_own(inserted):
            self.insert(inserted, (node["type"], words, node.get("attrs"), others))

    def insert(self, identity: str, piece: tuple[str, str, Any, list[Tree]]) -> None:
        """Pieces that something of one's own came between are one again."""
        kind, words, attrs, others = piece
        if kind == "text" and self.inserted:
            place, last, (last_kind, last_words, _attrs, last_others) = self.inserted[-1]
            if (place, last, last_kind, last_others) == (self.place, identity, "text", others):
                self.inserted[-1] = (place, last, ("text", last_words + words, attrs, others))
                return
        if kind != "text" or words:
            self.inserted.append((self.place, identity, piece))

    def pass_by(self, count: int, deleted: str) -> None:
        self.place += count
        if self.deleted and self.deleted[-1][1] == deleted:
            self.deleted[-1] = (self.deleted[-1][0] + count, deleted)
        elif count:
            self.deleted.append((count, deleted))

    def line(self, node: Tree, inserted: str) -> None:
        """Note whether the addition of another goes on from the line before, with no break of one's own between."""
        ids = [_insertion(leaf) or inserted for leaf in node.get("content", []) if _counts(leaf)] or [inserted]
        own, other = self.edge(ids)
        own_before, before = self.end
        if other and other == before and not own & own_before:
            self.breaks[other] += 1
        self.end = self.edge(reversed(ids))

    def edge(self, ids: Iterable[str]) -> End:
        """At an end of a line, what one adds there, then the first other id, "" for the text itself."""
        own: set[str] = set()
        for identity in ids:
            if not self.is_own(identity):
                return frozenset(own), identity
            own.add(identity)
        return frozenset(own), ""


def _counts(leaf: Tree) -> bool:
    """A zero-width character that is not added only holds the place of a break that would go."""
    return leaf["type"] != "text" or bool(leaf["text"].strip(ZERO_WIDTH)) or bool(_insertion(leaf))


def _insertion(node: Tree) -> str:
    return next((str(mark["attrs"]["id"]) for mark in node.get("marks", []) if mark["type"] == "insertion"), "")


def _together(old: list[tuple[int, str]], new: list[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """The two ids over each stretch of characters; both sides have the same length."""
    others = iter(new)
    left, other = 0, ""
    for count, identity in old:
        while count:
            if not left:
                left, other = next(others)
            yield identity, other
            step = min(count, left)
            count, left = count - step, left - step
