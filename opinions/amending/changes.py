"""The change of one amendment to a text, as plain values, and the words that it replaces inside one alinéa.

A quotation is found, and replaced by other words with the same marks. No table, no request.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Operation(models.TextChoices):
    INSERT_AFTER = "insert_after", _("Ajouter après")
    INSERT_BEFORE = "insert_before", _("Ajouter avant")
    REPLACE = "replace", _("Remplacer")
    DELETE = "delete", _("Supprimer")


Node = dict[str, Any]
Path = tuple[int, ...]


@dataclass(frozen=True)
class AmendmentChange:
    """One operation on a passage of an immutable text.

    `first` and `last` are numbers of alinéas, both included. With `quote`, the passage is those words of that one
    alinéa, which `new_text` replaces; without it, `blocks` is the new text (nodes of the tree). A sub-amendment gives
    the key of its `parent`, and its passage lies in the new text of the parent.
    """

    key: int
    number: int
    operation: str
    first: int
    last: int
    quote: str = ""
    new_text: str = ""
    blocks: Sequence[Node] = field(default=(), compare=False)
    parent: int | None = None

    @property
    def is_insertion(self) -> bool:
        return self.operation in (Operation.INSERT_AFTER, Operation.INSERT_BEFORE)

    @property
    def is_whole(self) -> bool:
        """Return whether it changes entire alinéas, not words inside one."""
        return not self.quote

    @property
    def alineas(self) -> range:
        return range(self.first, self.last + 1)


def new_text(change: AmendmentChange) -> Node:
    """Return the new text of an amendment as a text of its own, which its sub-amendments change."""
    if change.is_whole:
        return {"type": "doc", "content": list(change.blocks)}
    content = [{"type": "text", "text": change.new_text}] if change.new_text else []
    return {"type": "doc", "content": [{"type": "paragraph", "content": content}]}


SPACES = r"[\s\u00a0\u202f]+"
CLOSING = (",", ".", ")", "…")
BREAK, OTHER = "\n", "\ufffc"
# Marks for a moment the place where words were removed: no text contains this character.
GONE = "\ufdd0"
# Characters that a phone types, and those that a text prints instead.
SAME = {"'": "['’]", "’": "['’]", "…": r"(?:…|\.\.\.)"}
PASSING_MARKS = frozenset({"comment", "insertion", "deletion", "modification"})


def text_of(block: Node) -> str:
    """Return the text of one alinéa, one character for each position: a line break is « \\n », a note is U+FFFC."""
    return "".join(_letters(node) for node in block.get("content", ()))


def _letters(node: Node) -> str:
    if node["type"] == "text":
        return str(node["text"])
    return BREAK if node["type"] == "hardBreak" else OTHER


def word_spans(text: str, quote: str) -> list[tuple[int, int]]:
    """Return each (start, end) of the quotation, whole words only; spaces and apostrophes are compared loosely."""
    tokens = quote.split()
    if not tokens:
        return []
    pattern = SPACES.join("".join(SAME.get(letter, re.escape(letter)) for letter in token) for token in tokens)
    start = r"(?<!\w)" if tokens[0][0].isalnum() else ""
    end = r"(?!\w)" if tokens[-1][-1].isalnum() else ""
    return [match.span(1) for match in re.finditer(f"{start}(?=({pattern}){end})", text)]


def line_edit(block: Node, change: AmendmentChange) -> tuple[int, int, str]:
    """Return the edit of the line that holds the quotation of the change, as (start, end, words)."""
    start, end = word_spans(text_of(block), change.quote)[0]
    text = " ".join(change.new_text.split())
    if change.operation == Operation.DELETE:
        return start, end, ""
    if change.operation == Operation.REPLACE:
        return start, end, text
    if change.operation == Operation.INSERT_AFTER:
        return end, end, text if text[:1] in CLOSING else f" {text}"
    return start, start, f"{text} "


def rewritten(block: Node, edits: list[tuple[int, int, str]]) -> Node:
    """Return the alinéa with each (start, end, words) done, all counted in the text before; none overlaps another."""
    content: list[Node] = list(block.get("content", ()))
    ranked = sorted(enumerate(edits), key=lambda edit: (*edit[1][:2], edit[0]), reverse=True)
    for _rank, (start, end, text) in ranked:
        content = _replaced(content, start, end, text or GONE)
    content = _closed(content)
    bare = {name: value for name, value in block.items() if name != "content"}
    return {**bare, "content": merged_texts(content)} if content else bare


def _closed(content: list[Node]) -> list[Node]:
    """Remove one of the two spaces that are left side by side where words were removed.

    This comes last: what was inserted just before or after the removed words has its own spaces.
    """
    while (at := (text := text_of({"content": content})).find(GONE)) >= 0:
        before, after = text[:at], text[at + 1 :]
        is_followed = after[:1] not in ("", *CLOSING) and not after[0].isspace() and after[0] != GONE
        has_space = before[-1:].isspace() and before[-1:] != BREAK
        start = at - 1 if has_space and not is_followed else at
        end = at + 2 if not before and after[:1].isspace() else at + 1
        content = _replaced(content, start, end, "")
    return content


def _replaced(content: list[Node], start: int, end: int, replacement: str) -> list[Node]:
    before, rest = _cut(content, start)
    taken, after = _cut(rest, end - start)
    return [*before, *([_text(replacement, _marks(before, taken, after))] if replacement else []), *after]


def _marks(before: list[Node], taken: list[Node], after: list[Node]) -> list[dict[str, Any]]:
    """Return the marks of the words that are replaced, or else of the words next to the place, but no link grows."""
    near = taken[:1] or before[-1:] or after[:1]
    left_out = PASSING_MARKS if taken else PASSING_MARKS | {"link"}
    return [mark for node in near for mark in node.get("marks", ()) if mark["type"] not in left_out]


def _text(text: str, marks: list[dict[str, Any]]) -> Node:
    return {"type": "text", "text": text, **({"marks": marks} if marks else {})}


def _cut(content: list[Node], at: int) -> tuple[list[Node], list[Node]]:
    """Return the inline nodes before and after a position; a text node across it is cut in two."""
    before: list[Node] = []
    for index, node in enumerate(content):
        size = len(_letters(node))
        if at >= size:
            before.append(node)
            at -= size
            continue
        if at == 0:
            return before, content[index:]
        return [*before, {**node, "text": node["text"][:at]}], [
            {**node, "text": node["text"][at:]},
            *content[index + 1 :],
        ]
    return before, []


def merged_texts(content: list[Node]) -> list[Node]:
    """Return the nodes with neighbouring texts that have the same marks made one, as an editor writes them."""
    nodes: list[Node] = []
    for node in content:
        last = nodes[-1] if nodes else None
        if last and last["type"] == node["type"] == "text" and last.get("marks", []) == node.get("marks", []):
            nodes[-1] = {**last, "text": last["text"] + node["text"]}
        else:
            nodes.append(node)
    return nodes
