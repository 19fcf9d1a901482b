"""The order of call: the text from its beginning; at one place deletions, then what is furthest from the text."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any

from opinions.amending import inline
from opinions.amending.changes import AmendmentChange, Node, new_text
from opinions.amending.enums import Operation
from opinions.amending.passages import Text

BEFORE, ON, AFTER = range(3)


def in_call_order(tree: Node, changes: Iterable[AmendmentChange]) -> list[AmendmentChange]:
    """Return the amendments in the order of their discussion, each sub-amendment just before its parent.

    A sub-amendment whose parent is not in the list comes at the place of its parent, by its number alone.
    """
    all_changes = list(changes)
    by_key = {change.key: change for change in all_changes}
    heads = [change for change in all_changes if change.parent not in by_key]
    subs: dict[int, list[AmendmentChange]] = {}
    for change in all_changes:
        if change.parent in by_key and change.parent is not None:
            subs.setdefault(change.parent, []).append(change)
    text = Text(tree)
    ordered: list[AmendmentChange] = []
    for head in sorted(heads, key=lambda change: place(text, change)):
        ordered += _sorted_subs(head, subs.get(head.key, []))
        ordered.append(head)
    return ordered


def _sorted_subs(parent: AmendmentChange, subs: Sequence[AmendmentChange]) -> list[AmendmentChange]:
    text = Text(new_text(parent))
    return sorted(subs, key=lambda change: place(text, change))


def place(text: Text, change: AmendmentChange) -> tuple[int, int, int, int, int]:
    """Return the sort key: alinéa, side, whole deletions first, most words changed first, then the number."""
    is_inside = not change.is_whole
    side = ON if is_inside or not change.is_insertion else AFTER if _is_after(change) else BEFORE
    at = change.last if side == AFTER else change.first
    is_deletion = change.operation == Operation.DELETE and change.is_whole
    return at, side, 0 if is_deletion else 1, -distance(text, change), change.number


def _is_after(change: AmendmentChange) -> bool:
    return change.operation == Operation.INSERT_AFTER


def distance(text: Text, change: AmendmentChange) -> int:
    """Return how far it is from the text: the number of words removed and added."""
    if change.is_insertion or not change.is_whole:
        taken = change.quote.split() if not change.is_insertion else []
        added = change.new_text.split() if not change.is_whole else tokens_of(change.blocks)
    else:
        taken = [word for number in change.alineas for word in _alinea_tokens(text, number)]
        added = tokens_of(change.blocks)
    matcher = SequenceMatcher(None, taken, added, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return len(taken) + len(added) - 2 * same


def _alinea_tokens(text: Text, number: int) -> list[str]:
    alinea = text.alineas.get(number)
    return alinea.text.split() if alinea is not None else []


def tokens_of(blocks: Iterable[Any]) -> list[str]:
    """Return every word of these nodes, in order."""
    tokens: list[str] = []
    for node in blocks:
        content = node.get("content", ())
        if any(child["type"] in ("text", "hardBreak", "footnote") for child in content):
            tokens += inline.text_of(node).split()
        else:
            tokens += tokens_of(content)
    return tokens
