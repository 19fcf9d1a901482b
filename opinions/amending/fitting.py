"""New text adapted to its container: a paragraph becomes an item in a list, or the content of a title."""

from collections.abc import Sequence

from opinions.amending.changes import Node

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
