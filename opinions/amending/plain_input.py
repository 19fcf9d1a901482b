"""Plain typed input as blocks of the text (paragraphs, lists with dashes or numbers), and the reverse."""

import re
from collections.abc import Iterable, Sequence

from assembly.collab.document import plain_text
from assembly.collab.document.grammar import clean_text
from opinions.amending import inline
from opinions.amending.changes import Node

BLANK = re.compile(r"\n[ \t]*\n")
MARKERS = {"bulletList": re.compile(r"^\s*[-•*–]\s+"), "orderedList": re.compile(r"^\s*\d{1,2}[.)]\s+")}


def typed_blocks(typed: str) -> list[Node]:
    """Return the blocks of the tree; none for an empty field."""
    clean = clean_text(typed).replace("\r\n", "\n").replace("\r", "\n").strip()
    return [block for part in BLANK.split(clean) if part.strip() for block in _part(part)]


def _part(part: str) -> list[Node]:
    """Build a list from lines that begin with the same kind of marker, and one paragraph from the others."""
    blocks: list[Node] = []
    for kind, lines in _runs(part.split("\n")):
        if kind is None:
            blocks.append(_paragraph(lines))
        else:
            items = [_paragraph([MARKERS[kind].sub("", line)]) for line in lines]
            blocks.append({"type": kind, "content": [{"type": "listItem", "content": [item]} for item in items]})
    return blocks


def _runs(lines: Iterable[str]) -> list[tuple[str | None, list[str]]]:
    runs: list[tuple[str | None, list[str]]] = []
    for line in lines:
        kind = next((name for name, marker in MARKERS.items() if marker.match(line)), None)
        if runs and runs[-1][0] == kind:
            runs[-1][1].append(line)
        else:
            runs.append((kind, [line]))
    return runs


def _paragraph(lines: Sequence[str]) -> Node:
    content: list[Node] = []
    for line in lines:
        if content:
            content.append({"type": "hardBreak"})
        if line.strip():
            content.append({"type": "text", "text": line.strip()})
    return {"type": "paragraph", "content": content} if content else {"type": "paragraph"}


def typed_text(nodes: Iterable[Node]) -> str:
    """Return the blocks as they would be typed."""
    return "\n\n".join(_typed(node) for node in nodes)


def _typed(node: Node) -> str:
    if node["type"] == "paragraph":
        return inline.text_of(node)
    if node["type"] not in MARKERS:
        return plain_text.to_text({"type": "doc", "content": [node]})
    items = [" ".join(inline.text_of(block) for block in item["content"]) for item in node["content"]]
    signs = ["-"] * len(items) if node["type"] == "bulletList" else [f"{n}." for n in range(1, len(items) + 1)]
    return "\n".join(f"{sign} {item}" for sign, item in zip(signs, items, strict=True))
