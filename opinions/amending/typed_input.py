"""What a member types: plain blocks, or an alinéa rewritten in place, as the fields of an amendment."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assembly.collab.document import plain_text
from assembly.collab.document.grammar import clean_text
from assembly.text.rewriting import Rewriting, is_same_text
from opinions.amending import changes
from opinions.amending.changes import AmendmentChange, Node, Operation
from opinions.amending.passages import Text

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
        return changes.text_of(node)
    if node["type"] not in MARKERS:
        return plain_text.to_text({"type": "doc", "content": [node]})
    items = [" ".join(changes.text_of(block) for block in item["content"]) for item in node["content"]]
    signs = ["-"] * len(items) if node["type"] == "bulletList" else [f"{n}." for n in range(1, len(items) + 1)]
    return "\n".join(f"{sign} {item}" for sign, item in zip(signs, items, strict=True))


LONGEST_QUOTE = 600
MOST_QUOTED = 6
SIGNS = re.compile(r"\W+")
SIGNS_OF_ROWS = str.maketrans("", "", f"|{changes.OTHER}")

Derived = tuple[Operation, str, str]


def is_current(text: Text, number: int, rewriting: Rewriting) -> bool:
    """Return whether the alinéa still has the text that its reader saw."""
    return number in text.alineas and is_same_text(text.alineas[number].text, rewriting.was)


def derive_fields(text: Text, number: int, rewriting: Rewriting) -> dict[str, Any]:
    """Return the fields of the form: the operation, the quoted words (none for the whole alinéa), the new text.

    Words are quoted where the amendment, carried out, gives what was written; otherwise the alinéa is replaced.
    """
    fields = _whole(rewriting) or next(
        (inside for inside in _inside(rewriting) if _gives(text, number, inside, rewriting.now)),
        (Operation.REPLACE, "", rewriting.now),
    )
    operation, quote, typed = fields
    return {"alinea_from": number, "operation": operation, "quote": quote, "typed": typed}


def _whole(rewriting: Rewriting) -> Derived | None:
    """Return the change of whole alinéas: this one is deleted, or paragraphs come before or after it."""
    was, now = rewriting.was, rewriting.now
    if rewriting.is_same or not was:
        return Operation.REPLACE, "", now
    if not now:
        return Operation.DELETE, "", ""
    lines = now.split("\n")
    for cut in range(1, len(lines)):
        first, last = "\n".join(lines[:cut]), "\n".join(lines[cut:])
        if is_same_text(first, was):
            return Operation.INSERT_AFTER, "", last.strip()
        if is_same_text(last, was):
            return Operation.INSERT_BEFORE, "", first.strip()
    return (Operation.REPLACE, "", now) if len(lines) > 1 else None


def _inside(rewriting: Rewriting) -> Iterator[Derived]:
    """Yield the changes of some words, the shortest instruction first."""
    taken, added = rewriting.span()
    if SIGNS.sub("", taken) == SIGNS.sub("", rewriting.was):
        return
    if taken:
        yield Operation.REPLACE if added else Operation.DELETE, taken, added
    else:
        for more in range(1, MOST_QUOTED + 1):
            yield Operation.INSERT_AFTER, rewriting.span(left=more)[0], added
            yield Operation.INSERT_BEFORE, rewriting.span(right=more)[0], added
    for wider, instead in rewriting.wider_spans():
        yield Operation.REPLACE, wider, instead


def _gives(text: Text, number: int, inside: Derived, expected_text: str) -> bool:
    """Return whether the change, carried out, gives these words: its quotation is found once, in the right place."""
    operation, quote, replacement = inside
    if not quote or max(len(quote), len(replacement)) > LONGEST_QUOTE:
        return False
    change = AmendmentChange(0, 0, operation, number, number, quote=quote, new_text=replacement)
    lines = [line for _path, line in text.blocks(number)]
    struck = [line for line in lines for _place in changes.word_spans(changes.text_of(line), quote)]
    if len(struck) != 1:
        return False
    after = [
        changes.rewritten(line, [changes.line_edit(line, change)]) if line is struck[0] else line for line in lines
    ]
    text_after = " ".join(changes.text_of(line) for line in after)
    return is_same_text(text_after.translate(SIGNS_OF_ROWS), expected_text.translate(SIGNS_OF_ROWS))
