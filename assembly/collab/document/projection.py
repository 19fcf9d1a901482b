"""What of a text may not move under somebody's hands, and the judgement on an update: `allows`."""

from collections.abc import Sequence

from assembly.collab.document import grammar, settling
from assembly.collab.document.grammar import Tree
from assembly.collab.document.schema import merged_runs
from assembly.collab.document.tracing import Trace

COMMENT, SUGGEST, WRITE = 2, 3, 4


def settled(tree: Tree, accept: bool) -> Tree:
    """The text with every suggestion accepted, or with none (the original); no suggestion mark is left in it."""
    return settling.decided(tree, None, accept=accept)


def allows(before: Tree, after: Tree, right: int, prefix: str) -> bool:
    """Whether somebody with this right may turn one tree into the other; what they add carries ids with this prefix.

    To comment: nothing but comments of one's own. To suggest: also suggestions of one's own, over the same original
    text, next to what others suggest; one may take back one's own. To write: everything.
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
        made["content"] = merged_runs([_uncommented(child, prefix) for child in content])
    return made


def _same_original(old: list[Tree], new: list[Tree]) -> bool:
    return _original(old) == _original(new)


def _original(blocks: list[Tree]) -> list[Tree]:
    """Blocks without suggestions nor empty paragraphs at the end, which editors add to write in."""
    made = settled(grammar.node("doc", content=blocks), accept=False)["content"]
    while made and made[-1]["type"] == "paragraph" and not made[-1].get("content"):
        made.pop()
    return made
