"""The check of an update against the writer's right: `allows`."""

from collections.abc import Sequence

from assembly.collab.document import grammar, settling
from assembly.collab.document.grammar import Tree
from assembly.collab.document.schema import merged_runs
from assembly.collab.document.tracing import Trace

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
