"""The next text from a text and the adopted amendments, those that collide, and those that fall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from assembly.collab.document.plain_text import Alinea
from opinions.amending.changes import (
    AmendmentChange,
    Node,
    Operation,
    Path,
    line_edit,
    new_text,
    rewritten,
    text_of,
    word_spans,
)
from opinions.amending.passages import ChildRange, Text, in_call_order, tokens_of

LISTS = frozenset({"bulletList", "orderedList"})
PLAIN = frozenset({"paragraph", *LISTS})
TITLES = frozenset({"heading", "recommendationTitle"})
# Blocks that each container accepts; a container that is not listed accepts none and keeps its own children.
TAKES = {
    "listItem": PLAIN,
    "recommendationField": PLAIN,
    "tableCell": PLAIN,
    "tableHeader": PLAIN,
    "blockquote": PLAIN,
}


def fit_blocks(blocks: Sequence[Node], parent: Node) -> list[Node] | None:
    """Return the blocks as children of `parent`, or None when they have no place there."""
    kind = parent["type"]
    if kind == "doc":
        return list(blocks)
    if kind in LISTS:
        return _items(blocks)
    return list(blocks) if all(block["type"] in TAKES.get(kind, ()) for block in blocks) else None


def _items(blocks: Sequence[Node]) -> list[Node] | None:
    items: list[Node] = []
    for block in blocks:
        if block["type"] == "paragraph":
            items.append({"type": "listItem", "content": [block]})
        elif block["type"] in LISTS:
            items += block["content"]
        else:
            return None
    return items


def retitle(old: Node, blocks: Sequence[Node]) -> Node | None:
    """Return the title with the content of a single paragraph; None when the node or the blocks are anything else."""
    if old["type"] not in TITLES or len(blocks) != 1 or blocks[0]["type"] != "paragraph":
        return None
    content = blocks[0].get("content", [])
    if old["type"] == "recommendationTitle":
        content = [{"type": "text", "text": node["text"]} for node in content if node["type"] == "text"]
    return {**old, "content": content} if content else None


AFTER, BEFORE, INSTEAD = range(3)
BROKEN = gettext_lazy("Choisissez des alinéas qui se suivent dans une même partie, ou la partie entière.")


@dataclass
class EditPlan:
    """Edits by position: nodes removed, nodes replaced, new nodes between two, words inside alinéas."""

    gone: set[Path] = field(default_factory=set)
    swapped: dict[Path, Node] = field(default_factory=dict)
    put: dict[tuple[Path, int], list[tuple[int, int, list[Node]]]] = field(default_factory=dict)
    text_edits: dict[Path, list[tuple[int, int, str]]] = field(default_factory=dict)

    def insert(self, slot: ChildRange, side: int, rank: int, nodes: list[Node]) -> None:
        self.put.setdefault((slot.parent, slot.start), []).append((side, rank, nodes))

    def places(self) -> set[Path]:
        """Return every position with an edit."""
        return {*self.gone, *self.swapped, *self.text_edits, *((*parent, index) for parent, index in self.put)}


def add_to_plan(text: Text, change: AmendmentChange, plan: EditPlan | None = None, rank: int = 0) -> EditPlan:
    """Add the change to the plan; `rank` orders new texts of one place. Raises ValidationError with a message."""
    edit_plan = plan if plan is not None else EditPlan()
    passage = text.passage(change)
    if not change.is_whole:
        if len(passage) > 1:
            raise ValidationError(_("Des mots cités tiennent dans un seul alinéa."), code="quote")
        path, node = text.quoted(change)
        edit_plan.text_edits.setdefault(path, []).append(line_edit(node, change))
    elif change.is_insertion:
        _plan_insertion(text, edit_plan, change, passage, rank)
    elif change.operation == Operation.DELETE:
        _plan_deletion(text, edit_plan, passage)
    else:
        _plan_replacement(text, edit_plan, change, passage, rank)
    return edit_plan


def _plan_insertion(text: Text, plan: EditPlan, change: AmendmentChange, passage: Sequence[Alinea], rank: int) -> None:
    after = change.operation == Operation.INSERT_AFTER
    for gap in text.gaps(passage[-1 if after else 0], after=after):
        nodes = fit_blocks(change.blocks, text.node(gap.parent))
        if nodes is not None:
            plan.insert(gap, AFTER if after else BEFORE, rank, nodes)
            return
    raise ValidationError(_("Ce texte n’a pas sa place ici. Choisissez l’alinéa qui finit la partie."), code="place")


def _plan_deletion(text: Text, plan: EditPlan, passage: Sequence[Alinea]) -> None:
    numbers = {alinea.number for alinea in passage}
    for alinea in passage:
        path = text.paths[alinea.number]
        whole = [path[:size] for size in range(1, len(path)) if text.node(path[:size])["type"] == "recommendation"]
        gone = next((place for place in whole if text.alineas_in(place) <= numbers), None)
        if gone is None and text.node(path)["type"] == "recommendationTitle":
            raise ValidationError(
                _("Une préconisation garde un titre. Remplacez-le, ou supprimez toute la préconisation."), code="title"
            )
        plan.gone.add(gone or path)


def _plan_replacement(
    text: Text, plan: EditPlan, change: AmendmentChange, passage: Sequence[Alinea], rank: int
) -> None:
    if len(passage) == 1:
        path = text.paths[passage[0].number]
        if title := retitle(text.node(path), change.blocks):
            plan.swapped[path] = title
            return
    slots = text.slots(passage)
    if not slots:
        raise ValidationError(BROKEN, code="passage")
    for slot in slots:
        nodes = fit_blocks(change.blocks, text.node(slot.parent))
        if nodes is not None:
            plan.gone.update(slot.paths())
            plan.insert(slot, INSTEAD, rank, nodes)
            return
    raise ValidationError(_("Ce texte ne peut pas remplacer ce passage : un titre tient en une ligne."), code="place")


EMPTY = {"type": "paragraph"}
# Containers that must not be empty: an empty paragraph replaces the words that are deleted.
NOT_EMPTY = frozenset({"doc", "tableCell", "tableHeader", "recommendationField"})


def apply_changes(tree: Node, adopted: Iterable[AmendmentChange]) -> Node:
    """Return the tree with all these changes done; sub-amendments first change the new text of their parent.

    A sub-amendment whose parent is not among the changes does nothing. Raises ValidationError when a change has no
    place in the text.
    """
    changes = list(adopted)
    subs: dict[int, list[AmendmentChange]] = {}
    for change in changes:
        if change.parent is not None:
            subs.setdefault(change.parent, []).append(change)
    text, plan = Text(tree), EditPlan()
    for rank, head in enumerate(in_call_order(tree, [change for change in changes if change.parent is None])):
        add_to_plan(text, apply_subs(head, subs.get(head.key, ())), plan, rank)
    return _rebuilt(tree, (), plan) or {**tree, "content": [dict(EMPTY)]}


def apply_subs(parent: AmendmentChange, subs: Sequence[AmendmentChange]) -> AmendmentChange:
    """Return the amendment as its adopted sub-amendments left it."""
    if not subs:
        return parent
    after = apply_changes(new_text(parent), [replace(sub, parent=None) for sub in subs])
    if parent.is_whole:
        return replace(parent, blocks=after["content"])
    return replace(parent, new_text=" ".join(text_of(block) for block in after["content"]).strip())


def check_change(tree: Node, change: AmendmentChange) -> None:
    """Raise ValidationError, with a message, when the change cannot be done in this text."""
    add_to_plan(Text(tree), change)


def _rebuilt(node: Node, path: Path, plan: EditPlan) -> Node | None:
    """Return the node with its edits; None when everything in it is deleted."""
    if path in plan.swapped:
        return plan.swapped[path]
    if path in plan.text_edits:
        return rewritten(node, plan.text_edits[path])
    if not any(place[: len(path)] == path for place in plan.places()):
        return node
    content = _children(node.get("content", []), path, plan)
    if not content:
        return {**node, "content": [dict(EMPTY)]} if node["type"] in NOT_EMPTY else None
    if node["type"] == "listItem" and content[0]["type"] != "paragraph":
        content.insert(0, dict(EMPTY))
    return {**node, "content": content}


def _children(children: Sequence[Any], path: Path, plan: EditPlan) -> list[Node]:
    content: list[Node] = []
    for index in range(len(children) + 1):
        for _side, _rank, nodes in sorted(plan.put.get((path, index), ()), key=lambda put: put[:2]):
            content += nodes
        below = (*path, index)
        if index < len(children) and below not in plan.gone:
            child = _rebuilt(children[index], below, plan)
            content += [child] if child is not None else []
    return content


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
    return path, *word_spans(text_of(line), change.quote)[0]
