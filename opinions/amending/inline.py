"""Words inside one alinéa: finding a quotation, writing other words in its place with the marks that stood there."""

import re
from typing import Any

from opinions.amending.changes import AmendmentChange, Node
from opinions.amending.enums import Operation

SPACES = r"[\s\u00a0\u202f]+"
CLOSING = (",", ".", ")", "…")
BREAK, OTHER = "\n", "\ufffc"
# Stands for a moment where words were taken away: no text holds this character.
GONE = "\ufdd0"
# What a phone types for what a text prints.
SAME = {"'": "['’]", "’": "['’]", "…": r"(?:…|\.\.\.)"}
PASSING_MARKS = frozenset({"comment", "insertion", "deletion", "modification"})


def text_of(block: Node) -> str:
    """The words of one alinéa, one character for each place: a line break is « \\n », a note is U+FFFC."""
    return "".join(_letters(node) for node in block.get("content", ()))


def _letters(node: Node) -> str:
    if node["type"] == "text":
        return str(node["text"])
    return BREAK if node["type"] == "hardBreak" else OTHER


def word_spans(text: str, quote: str) -> list[tuple[int, int]]:
    """Where the words stand, as (start, end), whole words only; spaces and apostrophes are compared loosely."""
    words = quote.split()
    if not words:
        return []
    pattern = SPACES.join("".join(SAME.get(letter, re.escape(letter)) for letter in word) for word in words)
    start = r"(?<!\w)" if words[0][0].isalnum() else ""
    end = r"(?!\w)" if words[-1][-1].isalnum() else ""
    return [match.span(1) for match in re.finditer(f"{start}(?=({pattern}){end})", text)]


def line_edit(block: Node, change: AmendmentChange) -> tuple[int, int, str]:
    """What a change does to the line that holds its quotation, as (start, end, words)."""
    start, end = word_spans(text_of(block), change.quote)[0]
    words = " ".join(change.words.split())
    if change.operation == Operation.DELETE:
        return start, end, ""
    if change.operation == Operation.REPLACE:
        return start, end, words
    if change.operation == Operation.INSERT_AFTER:
        return end, end, words if words[:1] in CLOSING else f" {words}"
    return start, start, f"{words} "


def rewritten(block: Node, edits: list[tuple[int, int, str]]) -> Node:
    """The alinéa with each (start, end, words) done, all counted in the words of before; none overlaps another."""
    content: list[Node] = list(block.get("content", ()))
    ranked = sorted(enumerate(edits), key=lambda edit: (*edit[1][:2], edit[0]), reverse=True)
    for _rank, (start, end, words) in ranked:
        content = _replaced(content, start, end, words or GONE)
    content = _closed(content)
    bare = {name: value for name, value in block.items() if name != "content"}
    return {**bare, "content": merged_texts(content)} if content else bare


def _closed(content: list[Node]) -> list[Node]:
    """Where words went, one of the two spaces that stand side by side goes with them. Last of all: what was put just
    before or after the words that went has its own spaces."""
    while (at := (text := text_of({"content": content})).find(GONE)) >= 0:
        before, after = text[:at], text[at + 1 :]
        is_followed = after[:1] not in ("", *CLOSING) and not after[0].isspace() and after[0] != GONE
        has_space = before[-1:].isspace() and before[-1:] != BREAK
        start = at - 1 if has_space and not is_followed else at
        end = at + 2 if not before and after[:1].isspace() else at + 1
        content = _replaced(content, start, end, "")
    return content


def _replaced(content: list[Node], start: int, end: int, words: str) -> list[Node]:
    before, rest = _cut(content, start)
    taken, after = _cut(rest, end - start)
    return [*before, *([_text(words, _marks(before, taken, after))] if words else []), *after]


def _marks(before: list[Node], taken: list[Node], after: list[Node]) -> list[dict[str, Any]]:
    """New words look like those they replace; put beside words, like these, but a link does not grow."""
    near = taken[:1] or before[-1:] or after[:1]
    left_out = PASSING_MARKS if taken else PASSING_MARKS | {"link"}
    return [mark for node in near for mark in node.get("marks", ()) if mark["type"] not in left_out]


def _text(words: str, marks: list[dict[str, Any]]) -> Node:
    return {"type": "text", "text": words, **({"marks": marks} if marks else {})}


def _cut(content: list[Node], at: int) -> tuple[list[Node], list[Node]]:
    """The inline nodes before and after a place, a text being cut in two where it must."""
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
    """Neighbouring texts with the same marks made one, as an editor writes them."""
    found: list[Node] = []
    for node in content:
        last = found[-1] if found else None
        if last and last["type"] == node["type"] == "text" and last.get("marks", []) == node.get("marks", []):
            found[-1] = {**last, "text": last["text"] + node["text"]}
        else:
            found.append(node)
    return found
