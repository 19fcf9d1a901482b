"""The next text from a text and the adopted amendments: always the same, in whatever order they came."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from opinions.amending import inline
from opinions.amending.changes import AmendmentChange, Node, Path, new_text
from opinions.amending.ordering import in_call_order
from opinions.amending.passages import Text
from opinions.amending.planning import EditPlan, add_to_plan

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
    return replace(parent, new_text=" ".join(inline.text_of(block) for block in after["content"]).strip())


def check_change(tree: Node, change: AmendmentChange) -> None:
    """Raise ValidationError, with a message, when the change cannot be done in this text."""
    add_to_plan(Text(tree), change)


def _rebuilt(node: Node, path: Path, plan: EditPlan) -> Node | None:
    """Return the node with its edits; None when everything in it is deleted."""
    if path in plan.swapped:
        return plan.swapped[path]
    if path in plan.text_edits:
        return inline.rewritten(node, plan.text_edits[path])
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
