"""The nodes and marks of a shared text, with their attributes, the allowed values, and the allowed children."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

Tree = dict[str, Any]

MAX_DEPTH = 40
MAX_NODES = 40_000
MAX_TEXT = 1_000_000
MAX_FOOTNOTE = 2_000
MAX_HREF = 2_000
LINK_SCHEMES = ("https", "http", "mailto")
ZERO_WIDTH = "\u200b"

PROMPTS = {
    "problem": _("Quel est le problème\u00a0?"),
    "proposal": _("Que proposons-nous\u00a0?"),
    "audience": _("Pour qui\u00a0?"),
    "decider": _("Qui décide\u00a0?"),
    "means": _("Avec quels moyens\u00a0?"),
    "measure": _("Comment saurons-nous que c’est fait\u00a0?"),
}

_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f<>\"\\]+", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class _Refused(ValueError):
    """A value that an attribute may not have."""


def clean_text(text: str) -> str:
    """Return the text without what no database, page or PDF can hold: control characters, halves of characters."""
    return _FORBIDDEN.sub("", text)


def is_safe_link(href: object) -> bool:
    """Return whether a link leads to a web page or a mail address, and can run nothing."""
    return isinstance(href, str) and len(href) <= MAX_HREF and _LINK.fullmatch(href) is not None


def plain_value(value: Any, depth: int = 0) -> Any:
    """Return a JSON value as it was written: the shared document returns every number as a float."""
    if depth > MAX_DEPTH or (isinstance(value, float) and not isfinite(value)):
        raise _Refused
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [plain_value(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): plain_value(item, depth + 1) for key, item in value.items()}
    return clean_text(value) if isinstance(value, str) else value


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def clean(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise _Refused
        return int(value)

    return clean


def _string(limit: int) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        if isinstance(value, float | int) and not isinstance(value, bool):
            value = str(plain_value(value))
        if not isinstance(value, str) or len(value) > limit:
            raise _Refused
        return clean_text(value)

    return clean


def _name(value: Any) -> str:
    name = _string(100)(value)
    if not name:
        raise _Refused
    return name


def _uuid(value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise _Refused from None


def _prompt(value: Any) -> str:
    if not isinstance(value, str) or value not in PROMPTS:
        raise _Refused
    return str(value)


def _href(value: Any) -> str:
    if not is_safe_link(value):
        raise _Refused
    return str(value)


def _widths(value: Any) -> list[int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > 100:
        raise _Refused
    return [_whole(0, 10_000)(width) for width in value]


REQUIRED = object()
Attribute = tuple[Any, Callable[[Any], Any]]


@dataclass(frozen=True)
class NodeSpec:
    """The specification of a kind of node: its attributes with their default, the kinds of its children."""

    children: frozenset[str] = frozenset()
    attrs: Mapping[str, Attribute] = field(default_factory=dict)
    is_text_block: bool = False


def _kinds(names: str) -> frozenset[str]:
    return frozenset(names.split())


BLOCKS = _kinds("paragraph heading bulletList orderedList blockquote table")
PROSE = _kinds("paragraph bulletList orderedList")
INLINE = _kinds("text hardBreak footnote")
_CELL: Mapping[str, Attribute] = {
    "colspan": (1, _whole(1, 100)),
    "rowspan": (1, _whole(1, 1000)),
    "colwidth": (None, _widths),
}

NODES: Mapping[str, NodeSpec] = {
    "doc": NodeSpec(BLOCKS | {"recommendation"}),
    "paragraph": NodeSpec(INLINE, is_text_block=True),
    "heading": NodeSpec(INLINE, {"level": (2, _whole(2, 4))}, is_text_block=True),
    "bulletList": NodeSpec(_kinds("listItem")),
    "orderedList": NodeSpec(_kinds("listItem"), {"start": (1, _whole(0, 1_000_000))}),
    "listItem": NodeSpec(PROSE),
    "blockquote": NodeSpec(PROSE),
    "hardBreak": NodeSpec(),
    "table": NodeSpec(_kinds("tableRow")),
    "tableRow": NodeSpec(_kinds("tableHeader tableCell")),
    "tableHeader": NodeSpec(PROSE, _CELL),
    "tableCell": NodeSpec(PROSE, _CELL),
    "footnote": NodeSpec(attrs={"text": ("", _string(MAX_FOOTNOTE))}),
    "recommendation": NodeSpec(_kinds("recommendationTitle recommendationField"), {"id": (REQUIRED, _uuid)}),
    "recommendationTitle": NodeSpec(_kinds("text"), is_text_block=True),
    "recommendationField": NodeSpec(PROSE, {"prompt": (REQUIRED, _prompt)}),
}

MARKS: Mapping[str, Mapping[str, Attribute]] = {
    "link": {"href": (REQUIRED, _href)},
    "bold": {},
    "italic": {},
    "comment": {"id": (REQUIRED, _name)},
    "insertion": {"id": (REQUIRED, _name)},
    "deletion": {"id": (REQUIRED, _name)},
    "modification": {
        "id": (REQUIRED, _name),
        "type": (REQUIRED, _name),
        "attrName": (None, lambda value: None if value is None else _name(value)),
        "previousValue": (None, plain_value),
        "newValue": (None, plain_value),
    },
}
SUGGESTIONS = frozenset({"insertion", "deletion", "modification"})
RANK = {name: rank for rank, name in enumerate(MARKS)}


def clean_attrs(specs: Mapping[str, Attribute], raw_attrs: Any) -> dict[str, Any]:
    """Return the specified attributes of a node or mark, with defaults; raises ValueError for a forbidden one."""
    values = raw_attrs if isinstance(raw_attrs, dict) else {}
    attrs = {}
    for name, (default, clean) in specs.items():
        value = values.get(name)
        if value is None and default is REQUIRED:
            raise _Refused(name)
        attrs[name] = default if value is None else clean(value)
    return attrs


def ordered(marks: list[Tree]) -> list[Tree]:
    """Return marks in schema order, comments by their id, without duplicates; one of a kind except comments."""
    by_key: dict[tuple[str, str], Tree] = {}
    for mark in marks:
        several = mark["type"] in ("comment", "modification")
        key = (mark["type"], repr(sorted(mark.get("attrs", {}).items())) if several else "")
        by_key.setdefault(key, mark)
    return [by_key[key] for key in sorted(by_key, key=lambda key: (RANK[key[0]], key[1]))]


def mark(name: Any, raw_attrs: Any) -> Tree | None:
    """Return a mark of the schema from foreign attributes; None when it is unknown or forbidden."""
    if not isinstance(name, str) or name not in MARKS:
        return None
    try:
        attrs = clean_attrs(MARKS[name], raw_attrs)
    except ValueError:
        return None
    return {"type": name, "attrs": attrs} if attrs else {"type": name}


def node(kind: str, raw_attrs: Any = None, marks: list[Tree] | None = None, content: list[Tree] | None = None) -> Tree:
    """Return a node in its canonical form: only known attributes, no empty key.

    Raises ValueError for a forbidden value.
    """
    tree: Tree = {"type": kind}
    if specs := NODES[kind].attrs:
        tree["attrs"] = clean_attrs(specs, raw_attrs)
    if content:
        tree["content"] = content
    if marks:
        tree["marks"] = marks
    return tree


def text_run(text: str, marks: list[Tree] | None = None) -> Tree:
    return {"type": "text", "text": text, "marks": marks} if marks else {"type": "text", "text": text}


def paragraph(text: str = "") -> Tree:
    """Return a paragraph of plain text; a line end becomes a line break."""
    content: list[Tree] = []
    for rank, line in enumerate(text.split("\n")):
        if rank:
            content.append(node("hardBreak"))
        if cleaned := clean_text(line):
            content.append(text_run(cleaned))
    return node("paragraph", content=content)


def heading(text: str, level: int = 2) -> Tree:
    """Return a heading of level 2 to 4."""
    cleaned = clean_text(text)
    return node("heading", {"level": level}, content=[text_run(cleaned)] if cleaned else None)


def bullets(items: Sequence[str]) -> Tree:
    """Return a list of at least one plain item."""
    return node("bulletList", content=[node("listItem", content=[paragraph(item)]) for item in items])


def tree_document(*blocks: Tree) -> Tree:
    """Return a whole tree of these blocks; an empty paragraph when there are none."""
    return node("doc", content=list(blocks) or [paragraph()])


def recommendation(
    title: str = "", fields: Mapping[str, str | list[Tree]] | None = None, id: str | None = None
) -> Tree:
    """Return a recommendation with its six questions; a field is plain text or a list of paragraphs and lists."""
    answers = fields or {}
    cleaned = clean_text(title).replace("\n", " ")
    titles = [node("recommendationTitle", content=[text_run(cleaned)] if cleaned else None)]
    return node(
        "recommendation",
        {"id": id or str(uuid4())},
        content=titles + [_field(prompt, answers.get(prompt, "")) for prompt in PROMPTS],
    )


def _field(prompt: str, content: str | list[Tree]) -> Tree:
    blocks = [paragraph(line) for line in content.split("\n\n")] if isinstance(content, str) else content
    return node("recommendationField", {"prompt": prompt}, content=blocks or [paragraph()])
