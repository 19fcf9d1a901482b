"""Recommendations in an imported text, recognised by the six questions as the site prints them."""

import re
import unicodedata
from collections.abc import Iterator

from assembly.collab.document import building
from assembly.collab.document.grammar import PROMPTS, Tree

REFERENCE = re.compile(r"^\s*[A-Z]{1,4}\d*-\d{4}-\d{2}-P\d{1,3}\s*[–—:-]\s*")
MAX_TITLE = 300
TAKEN = {"paragraph", "bulletList", "orderedList"}


def text_of(node: Tree) -> str:
    """Return the plain text of a node."""
    if node["type"] == "text":
        return str(node["text"])
    return "".join(text_of(child) for child in node.get("content", ()))


def _key(question: str) -> str:
    """Return a question in comparable form, without accents, capitals, punctuation and repeated spaces."""
    plain = unicodedata.normalize("NFD", question).replace("’", "'")
    letters = "".join(letter for letter in plain.casefold() if unicodedata.category(letter) != "Mn")
    return " ".join(re.sub(r"[^a-z' ]", " ", letters).split())


def question_of(node: Tree) -> str:
    """Return which of the six questions this block is; empty for any other block."""
    if node["type"] not in {"paragraph", "heading"}:
        return ""
    asked = _key(text_of(node))
    return next((prompt for prompt, question in PROMPTS.items() if asked == _key(str(question))), "")


def gather_recommendations(blocks: list[Tree]) -> list[Tree]:
    """Return the blocks, with each title followed by the questions made a recommendation of the schema."""
    nodes: list[Tree] = []
    place = 0
    while place < len(blocks):
        if question_of(blocks[place]):
            title = nodes.pop() if nodes and _may_be_title(nodes[-1]) else None
            end = _end(blocks, place)
            nodes.append(_sheet(title, blocks[place:end]))
            place = end
        else:
            nodes.append(blocks[place])
            place += 1
    return nodes


def _may_be_title(node: Tree) -> bool:
    return node["type"] in {"heading", "paragraph"} and 0 < len(text_of(node).strip()) <= MAX_TITLE


def _end(blocks: list[Tree], start: int) -> int:
    """Return where the recommendation that begins here ends: at a heading, or before the title of the next one."""
    asked: set[str] = set()
    for place in range(start, len(blocks)):
        question = question_of(blocks[place])
        if question in asked:
            is_titled = place > start + 1 and not question_of(blocks[place - 1]) and _may_be_title(blocks[place - 1])
            return place - 1 if is_titled else place
        if not question and blocks[place]["type"] == "heading":
            return place
        if question:
            asked.add(question)
    return len(blocks)


def _sheet(title: Tree | None, blocks: list[Tree]) -> Tree:
    fields: dict[str, list[Tree]] = {}
    current = ""
    for block in blocks:
        if question := question_of(block):
            current = question
        else:
            fields.setdefault(current, []).extend(_plain(block))
    title_text = REFERENCE.sub("", " ".join(text_of(title).split())) if title else ""
    return building.recommendation(title_text, dict(fields))


def _plain(block: Tree) -> Iterator[Tree]:
    """Yield the blocks that an answer may hold: quotations and tables give their paragraphs."""
    if block["type"] in TAKEN:
        yield block
    elif block["type"] == "heading":
        yield {key: value for key, value in block.items() if key != "attrs"} | {"type": "paragraph"}
    else:
        for child in block.get("content", ()):
            yield from _plain(child)
