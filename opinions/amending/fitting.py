"""Making new text fit where it is put: a paragraph becomes an item in a list, the words of a title in a title."""

from collections.abc import Sequence

from opinions.amending.changes import Node

LISTS = frozenset({"bulletList", "orderedList"})
PLAIN = frozenset({"paragraph", *LISTS})
TITLES = frozenset({"heading", "recommendationTitle"})
# What each container takes; those that are not named keep their children each in its place.
TAKES = {
    "listItem": PLAIN,
    "recommendationField": PLAIN,
    "tableCell": PLAIN,
    "tableHeader": PLAIN,
    "blockquote": PLAIN,
}


def fitted(blocks: Sequence[Node], parent: Node) -> list[Node] | None:
    """The blocks as children of `parent`, or None when they have no place there."""
    kind = parent["type"]
    if kind == "doc":
        return list(blocks)
    if kind in LISTS:
        return _items(blocks)
    return list(blocks) if all(block["type"] in TAKES.get(kind, ()) for block in blocks) else None


def _items(blocks: Sequence[Node]) -> list[Node] | None:
    found: list[Node] = []
    for block in blocks:
        if block["type"] == "paragraph":
            found.append({"type": "listItem", "content": [block]})
        elif block["type"] in LISTS:
            found += block["content"]
        else:
            return None
    return found


def retitled(old: Node, blocks: Sequence[Node]) -> Node | None:
    """One paragraph in the place of a title stays a title; None when it is something else."""
    if old["type"] not in TITLES or len(blocks) != 1 or blocks[0]["type"] != "paragraph":
        return None
    content = blocks[0].get("content", [])
    if old["type"] == "recommendationTitle":
        content = [{"type": "text", "text": node["text"]} for node in content if node["type"] == "text"]
    return {**old, "content": content} if content else None
