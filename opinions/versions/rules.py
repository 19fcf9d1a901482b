"""Pure functions on the tree of a text, for consolidation, adoption and printing."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.collab.document.grammar import PROMPTS, Tree
from assembly.collab.document.plain_text import to_text
from assembly.text.printable import UnprintableText, check_text

LOWEST_HEADING = 4
RECOMMENDATION = "recommendation"
FAULTS_SHOWN = 5


def check_printable(tree: Tree) -> None:
    """Raise ValidationError for characters that no document of the site can print, with the words around them."""
    refused = []
    for line in to_text(tree).splitlines():
        try:
            check_text(line)
        except UnprintableText as fault:
            refused.append(fault)
    if refused:
        raise ValidationError(refused[:FAULTS_SHOWN])


def map_tree(node: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """Return the same tree, each node changed after its children."""
    inner = node.get("content")
    copy = {**node, "content": [map_tree(child, change) for child in inner]} if inner is not None else dict(node)
    return change(copy)


def without_comments(tree: Tree) -> Tree:
    """Return the tree without comments: the threads stay with the text of the group."""

    def bare(node: Tree) -> Tree:
        marks = [mark for mark in node.get("marks", []) if mark["type"] != "comment"]
        bare_node = {name: value for name, value in node.items() if name != "marks"}
        return {**bare_node, "marks": marks} if marks else bare_node

    return map_tree(tree, bare)


def demote_headings(tree: Tree) -> Tree:
    """Return the tree with headings one level lower, since the title of the section is above them."""

    def lower(node: Tree) -> Tree:
        if node["type"] != "heading":
            return node
        attrs = node.get("attrs", {})
        return {**node, "attrs": {**attrs, "level": min(LOWEST_HEADING, attrs.get("level", 2) + 1)}}

    return map_tree(tree, lower)


def with_fresh_ids(tree: Tree, seen: set[str]) -> Tree:
    """Give a new id to each recommendation copied from another section, and add all ids to `seen`."""

    def fresh(node: Tree) -> Tree:
        if node["type"] != RECOMMENDATION:
            return node
        known = str(node.get("attrs", {}).get("id") or "")
        node_id = known if known and known not in seen else str(uuid4())
        seen.add(node_id)
        return {**node, "attrs": {**node.get("attrs", {}), "id": node_id}}

    return map_tree(tree, fresh)


def without_recommendations(tree: Tree, ids: Collection[str]) -> Tree:
    """Return the text without the recommendations that a vote rejected."""

    def pruned(node: Tree) -> Tree:
        inner = node.get("content")
        if inner is None:
            return node
        children = [child for child in inner if not is_one_of(child, ids)]
        return {**node, "content": children} if children or node["type"] != "doc" else {**node, "content": [EMPTY]}

    return map_tree(tree, pruned)


EMPTY: Tree = {"type": "paragraph"}


def is_one_of(node: Tree, ids: Collection[str]) -> bool:
    return node["type"] == RECOMMENDATION and str(node.get("attrs", {}).get("id")) in ids


def without_heading_part(tree: Tree, title: str) -> Tree:
    """Return the text without the section that begins with this title of level 2, up to the next one."""
    blocks: list[Any] = []
    is_out = False
    for block in tree.get("content", []):
        if block["type"] == "heading" and block.get("attrs", {}).get("level") == 2:
            is_out = node_text(block) == title
        if not is_out:
            blocks.append(block)
    return {**tree, "content": blocks or [EMPTY]}


def node_text(node: Tree) -> str:
    """Return the plain text of a node."""
    return node.get("text", "") or "".join(node_text(child) for child in node.get("content", []))


@dataclass(frozen=True)
class Blank:
    """A recommendation or a heading, with what is not written in it yet."""

    title: str
    missing: list[Any]


def blanks(tree: Tree) -> list[Blank]:
    """Return what is empty in a text, in its order: fields of recommendations, headings without text below."""
    blank_parts, number = [], 0
    blocks = tree.get("content", [])
    for place, block in enumerate(blocks):
        if block["type"] == RECOMMENDATION:
            number += 1
            title, missing = _unanswered(block)
            named = title or _("Préconisation %(n)s, sans titre") % {"n": number}
        else:
            named, missing = node_text(block).strip(), [_("aucun texte")] if _is_bare_heading(blocks, place) else []
        if missing:
            blank_parts.append(Blank(named, missing))
    return blank_parts


def _unanswered(sheet: Tree) -> tuple[str, list[Any]]:
    """Return the title of a recommendation, and the names of its empty fields."""
    parts = sheet.get("content", [])
    title = next((node_text(part).strip() for part in parts if part["type"] == "recommendationTitle"), "")
    answers = {part.get("attrs", {}).get("prompt"): node_text(part).strip() for part in parts}
    return title, [
        *([] if title else [_("Titre")]),
        *(label for key, label in PROMPTS.items() if not answers.get(key)),
    ]


def _is_bare_heading(blocks: list[Tree], place: int) -> bool:
    """Return whether there is no text between this heading and the next one of its level or above."""
    if blocks[place]["type"] != "heading" or not node_text(blocks[place]).strip():
        return False
    level = blocks[place].get("attrs", {}).get("level", 2)
    for block in blocks[place + 1 :]:
        if block["type"] == "heading" and block.get("attrs", {}).get("level", 2) <= level:
            return True
        if block["type"] == RECOMMENDATION or node_text(block).strip():
            return False
    return True
