"""What consolidation and adoption do to the tree of a text, and what printing asks of it: pure functions."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.collab.document.grammar import PROMPTS, Tree
from assembly.collab.document.words import plain
from assembly.ui.printable import UnprintableText, check_text

LOWEST_HEADING = 4
RECOMMENDATION = "recommendation"
FAULTS_SHOWN = 5


def check_printable(tree: Tree) -> None:
    """Refuse signs that no paper of the house can draw; each sentence names them and the words around them."""
    refused = []
    for line in plain(tree).splitlines():
        try:
            check_text(line)
        except UnprintableText as fault:
            refused.append(fault)
    if refused:
        raise ValidationError(refused[:FAULTS_SHOWN])


def mapped(node: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """The same tree, each node changed after its children."""
    inner = node.get("content")
    copy = {**node, "content": [mapped(child, change) for child in inner]} if inner is not None else dict(node)
    return change(copy)


def without_comments(tree: Tree) -> Tree:
    """Threads stay with the text of the group: their anchors do not follow."""

    def bare(node: Tree) -> Tree:
        marks = [mark for mark in node.get("marks", []) if mark["type"] != "comment"]
        kept = {name: value for name, value in node.items() if name != "marks"}
        return {**kept, "marks": marks} if marks else kept

    return mapped(tree, bare)


def demoted(tree: Tree) -> Tree:
    """Headings one level lower: the title of the section stands above them."""

    def lower(node: Tree) -> Tree:
        if node["type"] != "heading":
            return node
        attrs = node.get("attrs", {})
        return {**node, "attrs": {**attrs, "level": min(LOWEST_HEADING, attrs.get("level", 2) + 1)}}

    return mapped(tree, lower)


def with_fresh_ids(tree: Tree, seen: set[str]) -> Tree:
    """A recommendation copied from another section gets an id of its own; `seen` grows."""

    def fresh(node: Tree) -> Tree:
        if node["type"] != RECOMMENDATION:
            return node
        known = str(node.get("attrs", {}).get("id") or "")
        kept = known if known and known not in seen else str(uuid4())
        seen.add(kept)
        return {**node, "attrs": {**node.get("attrs", {}), "id": kept}}

    return mapped(tree, fresh)


def without_recommendations(tree: Tree, ids: Collection[str]) -> Tree:
    """The text without the recommendations that a vote refused."""

    def pruned(node: Tree) -> Tree:
        inner = node.get("content")
        if inner is None:
            return node
        kept = [child for child in inner if not is_one_of(child, ids)]
        return {**node, "content": kept} if kept or node["type"] != "doc" else {**node, "content": [EMPTY]}

    return mapped(tree, pruned)


EMPTY: Tree = {"type": "paragraph"}


def is_one_of(node: Tree, ids: Collection[str]) -> bool:
    return node["type"] == RECOMMENDATION and str(node.get("attrs", {}).get("id")) in ids


def without_heading_part(tree: Tree, title: str) -> Tree:
    """The text without the section that begins with this title of level 2, down to the next one."""
    kept: list[Any] = []
    is_out = False
    for block in tree.get("content", []):
        if block["type"] == "heading" and block.get("attrs", {}).get("level") == 2:
            is_out = node_words(block) == title
        if not is_out:
            kept.append(block)
    return {**tree, "content": kept or [EMPTY]}


def node_words(node: Tree) -> str:
    """The plain words of a node."""
    return node.get("text", "") or "".join(node_words(child) for child in node.get("content", []))


@dataclass(frozen=True)
class Blank:
    """A recommendation or a heading with what nobody wrote in it."""

    title: str
    missing: list[Any]


def blanks(tree: Tree) -> list[Blank]:
    """What is empty in a text, in its order: boxes of recommendations, headings without a word below."""
    found, number = [], 0
    blocks = tree.get("content", [])
    for place, block in enumerate(blocks):
        if block["type"] == RECOMMENDATION:
            number += 1
            title, missing = _unanswered(block)
            named = title or _("Préconisation %(n)s, sans titre") % {"n": number}
        else:
            named, missing = node_words(block).strip(), [_("aucun texte")] if _is_bare_heading(blocks, place) else []
        if missing:
            found.append(Blank(named, missing))
    return found


def _unanswered(sheet: Tree) -> tuple[str, list[Any]]:
    """The title of a recommendation, and the names of its empty boxes."""
    parts = sheet.get("content", [])
    title = next((node_words(part).strip() for part in parts if part["type"] == "recommendationTitle"), "")
    answers = {part.get("attrs", {}).get("prompt"): node_words(part).strip() for part in parts}
    return title, [
        *([] if title else [_("Titre")]),
        *(label for key, label in PROMPTS.items() if not answers.get(key)),
    ]


def _is_bare_heading(blocks: list[Tree], place: int) -> bool:
    """Nothing is written between this heading and the next one of its level or above."""
    if blocks[place]["type"] != "heading" or not node_words(blocks[place]).strip():
        return False
    level = blocks[place].get("attrs", {}).get("level", 2)
    for block in blocks[place + 1 :]:
        if block["type"] == "heading" and block.get("attrs", {}).get("level", 2) <= level:
            return True
        if block["type"] == RECOMMENDATION or node_words(block).strip():
            return False
    return True
