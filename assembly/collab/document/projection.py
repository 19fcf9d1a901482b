"""What of a text may not move under somebody's hands, and the judgement on an update: `allows`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from assembly.collab.document import grammar, settling
from assembly.collab.document.grammar import ZERO_WIDTH, Tree
from assembly.collab.document.schema import joined

COMMENT, SUGGEST, WRITE = 2, 3, 4
Piece = tuple[int, str, Any]


def settled(tree: Tree, accept: bool) -> Tree:
    """The text with every suggestion accepted, or with none (the original); no suggestion mark is left in it."""
    return settling.decided(tree, None, accept=accept)


def text_only(tree: Tree) -> str:
    """The characters of the original text without its breaks: what no suggestion and no comment ever changes."""
    return "".join(_characters(settled(tree, accept=False)))


def _characters(node: Tree) -> Iterator[str]:
    yield node.get("text", "")
    for child in node.get("content", []):
        yield from _characters(child)


def allows(before: Tree, after: Tree, right: int, prefix: str) -> bool:
    """Whether somebody with this right may turn one tree into the other; what they add carries ids with this prefix.

    To comment: nothing but comments of one's own. To suggest: also suggestions of one's own, over the same original
    text, beside what others suggest; one may take back one's own. To write: everything.
    """
    if right >= WRITE:
        return True
    if right < COMMENT:
        return False
    old, new = _changed(before.get("content", []), after.get("content", []))
    old, new = _without_comments(old, prefix), _without_comments(new, prefix)
    if old == new:
        return True
    return (
        right >= SUGGEST and _same_original(old, new) and _Trace.of(old, prefix).allows(_Trace.of(new, prefix), prefix)
    )


def _changed(old: Sequence[Tree], new: Sequence[Tree]) -> tuple[list[Tree], list[Tree]]:
    """The blocks between the first and the last that differ, with neighbours to which a suggested break may lead."""
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
    """Whether a suggested break may reach through this block into the next one."""
    return not block.get("content") or _is_suggested(block)


def _is_suggested(node: Tree) -> bool:
    return any(mark["type"] == "insertion" for mark in node.get("marks", [])) or any(
        _is_suggested(child) for child in node.get("content", [])
    )


def _without_comments(blocks: list[Tree], prefix: str) -> list[Tree]:
    return [_uncommented(block, prefix) for block in blocks]


def _uncommented(node: Tree, prefix: str) -> Tree:
    made = dict(node)
    if marks := node.get("marks"):
        kept = [mark for mark in marks if mark["type"] != "comment" or not mark["attrs"]["id"].startswith(prefix)]
        if len(kept) < len(marks):
            made["marks"] = kept
            if not kept:
                del made["marks"]
    if content := node.get("content"):
        made["content"] = joined([_uncommented(child, prefix) for child in content])
    return made


def _same_original(old: list[Tree], new: list[Tree]) -> bool:
    return _original(old) == _original(new)


def _original(blocks: list[Tree]) -> list[Tree]:
    """Blocks without suggestions nor empty paragraphs at the end, which editors add to write in."""
    made = settled(grammar.node("doc", content=blocks), accept=False)["content"]
    while made and made[-1]["type"] == "paragraph" and not made[-1].get("content"):
        made.pop()
    return made


@dataclass
class _Trace:
    """What is suggested in some blocks, laid along the characters of the original text.

    `deleted` is (count of characters, id or ""); `inserted` the pieces of other people, each with its place;
    `changed` the changes of blocks by other people.
    """

    deleted: list[tuple[int, str]] = field(default_factory=list)
    inserted: list[Piece] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    place: int = 0

    @classmethod
    def of(cls, blocks: list[Tree], prefix: str) -> "_Trace":
        trace = cls()
        for block in blocks:
            trace.follow(block, "", "", prefix)
        return trace

    def follow(self, node: Tree, inserted: str, deleted: str, prefix: str) -> None:
        others = []
        for mark in node.get("marks", []):
            match mark["type"]:
                case "insertion":
                    inserted = mark["attrs"]["id"]
                case "deletion":
                    deleted = mark["attrs"]["id"]
                case "modification" if not mark["attrs"]["id"].startswith(prefix):
                    self.changed.append(mark["attrs"])
                case "modification":
                    continue
                case _:
                    others.append(mark)
        kind = node["type"]
        words = node["text"].replace(ZERO_WIDTH, "") if kind == "text" else ""
        is_leaf = kind == "text" or not grammar.NODES[kind].children
        if inserted:
            if is_leaf and not inserted.startswith(prefix):
                self.insert(inserted, (kind, words, node.get("attrs"), others))
        elif is_leaf:
            self.pass_by(len(words) if kind == "text" else 1, deleted)
        for child in node.get("content", []):
            self.follow(child, inserted, deleted, prefix)

    def insert(self, identity: str, piece: tuple[str, str, Any, list[Tree]]) -> None:
        """Pieces that something of one's own came between are one again."""
        kind, words, attrs, others = piece
        if kind == "text" and self.inserted:
            place, last, (last_kind, last_words, _attrs, last_others) = self.inserted[-1]
            if (place, last, last_kind, last_others) == (self.place, identity, "text", others):
                self.inserted[-1] = (place, last, ("text", last_words + words, None, others))
                return
        if kind != "text" or words:
            self.inserted.append((self.place, identity, piece))

    def pass_by(self, count: int, deleted: str) -> None:
        self.place += count
        if self.deleted and self.deleted[-1][1] == deleted:
            self.deleted[-1] = (self.deleted[-1][0] + count, deleted)
        elif count:
            self.deleted.append((count, deleted))

    def allows(self, after: "_Trace", prefix: str) -> bool:
        """Whether only suggestions with this prefix came, went or grew."""
        if self.place != after.place or self.inserted != after.inserted or self.changed != after.changed:
            return False
        return all(
            new == old or new.startswith(prefix) or (not new and old.startswith(prefix))
            for old, new in _together(self.deleted, after.deleted)
        )


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
