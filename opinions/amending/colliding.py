"""Amendments that cannot both be adopted, and those that fall when another one is."""

from collections.abc import Iterable
from itertools import combinations

from django.core.exceptions import ValidationError

from opinions.amending import inline
from opinions.amending.changes import AmendmentChange, Node, Path, new_text
from opinions.amending.enums import Operation
from opinions.amending.ordering import tokens_of
from opinions.amending.passages import Text
from opinions.amending.planning import add_to_plan


def collisions(tree: Node, changes: Iterable[AmendmentChange]) -> dict[int, list[int]]:
    """Return, by key, the keys of the amendments that collide with it, in the order of `changes`."""
    colliding_keys: dict[int, list[int]] = {}
    for text, siblings in families(tree, changes):
        for one, other in combinations(siblings, 2):
            if falls(text, one, other) or falls(text, other, one):
                colliding_keys.setdefault(one.key, []).append(other.key)
                colliding_keys.setdefault(other.key, []).append(one.key)
    return colliding_keys


def families(tree: Node, changes: Iterable[AmendmentChange]) -> list[tuple[Text, list[AmendmentChange]]]:
    """Return the changes by the text that they change: the opinion itself, or the new text of one parent."""
    all_changes = list(changes)
    by_key = {change.key: change for change in all_changes}
    groups: dict[int | None, list[AmendmentChange]] = {}
    for change in all_changes:
        groups.setdefault(change.parent, []).append(change)
    texts = []
    for parent, siblings in groups.items():
        if parent is None:
            texts.append((Text(tree), siblings))
        elif parent in by_key:
            texts.append((Text(new_text(by_key[parent])), siblings))
    return texts


def fallen_keys(tree: Node, adopted: AmendmentChange, changes: Iterable[AmendmentChange]) -> list[int]:
    """Return the keys of the changes that fall because `adopted` is adopted, with the sub-amendments of those."""
    all_changes = list(changes)
    for text, siblings in families(tree, [adopted, *(one for one in all_changes if one.key != adopted.key)]):
        if adopted in siblings:
            heads = [one.key for one in siblings if one.key != adopted.key and falls(text, adopted, one)]
            return [*heads, *(one.key for one in all_changes if one.parent in heads)]
    return []


def falls(text: Text, adopted: AmendmentChange, other: AmendmentChange) -> bool:
    """Return whether `other` has no object any more once `adopted` is adopted; both work on `text`."""
    if adopted.last < other.first or other.last < adopted.first:
        return False
    if is_same(adopted, other):
        return True
    if adopted.is_whole and other.is_whole:
        return _whole_falls(text, adopted, other)
    if not adopted.is_whole and not other.is_whole:
        return adopted.first == other.first and _letters_meet(text, adopted, other)
    whole, inside = (adopted, other) if adopted.is_whole else (other, adopted)
    return not whole.is_insertion and inside.first in whole.alineas


def is_same(one: AmendmentChange, other: AmendmentChange) -> bool:
    """Return whether both do the same to the same passage, so that the second has nothing left to do."""
    return (one.operation, one.first, one.last, one.quote.split(), one.new_text.split(), one.parent) == (
        other.operation,
        other.first,
        other.last,
        other.quote.split(),
        other.new_text.split(),
        other.parent,
    ) and tokens_of(one.blocks) == tokens_of(other.blocks)


def _whole_falls(text: Text, adopted: AmendmentChange, other: AmendmentChange) -> bool:
    if adopted.is_insertion and other.is_insertion:
        return False
    if adopted.is_insertion or other.is_insertion:
        inserted, taken = (adopted, other) if adopted.is_insertion else (other, adopted)
        return _place_goes(text, inserted, taken)
    if adopted.operation == other.operation == Operation.DELETE:
        return adopted.first <= other.first and other.last <= adopted.last
    return adopted.first <= other.last and other.first <= adopted.last


def _place_goes(text: Text, inserted: AmendmentChange, taken: AmendmentChange) -> bool:
    """Return whether both sides of the place are deleted, or the whole list, row or recommendation around it."""
    at = inserted.last + 1 if inserted.operation == Operation.INSERT_AFTER else inserted.first
    if taken.first < at <= taken.last:
        return True
    try:
        around, gone = add_to_plan(text, inserted).put, add_to_plan(text, taken).gone
    except ValidationError:
        return False
    return any(parent[: len(place)] == place for parent, _index in around for place in gone)


def _letters_meet(text: Text, adopted: AmendmentChange, other: AmendmentChange) -> bool:
    one, two = _letters(text, adopted), _letters(text, other)
    if one is None or two is None:
        return True
    if one[0] != two[0] or (adopted.is_insertion and other.is_insertion):
        return False
    if adopted.is_insertion or other.is_insertion:
        inserted, place, taken = (adopted, one, two) if adopted.is_insertion else (other, two, one)
        at = place[2] if inserted.operation == Operation.INSERT_AFTER else place[1]
        return taken[1] < at < taken[2]
    return one[1] < two[2] and two[1] < one[2]


def _letters(text: Text, change: AmendmentChange) -> tuple[Path, int, int] | None:
    """Return the path of the line and the range of the quotation in it; None when it is not there."""
    try:
        path, line = text.quoted(change)
    except (ValidationError, KeyError):
        return None
    return path, *inline.word_spans(inline.text_of(line), change.quote)[0]
