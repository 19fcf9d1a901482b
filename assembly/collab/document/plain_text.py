"""The plain text of a shared text: for search, for reading aloud, and cut into alinéas numbered for amendments."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assembly.collab.document import grammar
from assembly.collab.document.grammar import PROMPTS, ZERO_WIDTH, Tree
from assembly.collab.document.projection import settled

Shown = Literal["shown", "original", "accepted"]
Path = tuple[int, ...]

_INVISIBLE = dict.fromkeys(map(ord, ZERO_WIDTH + "\ufeff\u2060"))


@dataclass(frozen=True)
class Alinea:
    """One numbered passage: a paragraph, a heading, an item of a list, a row of a table, a line of a recommendation.

    `path` leads to `node` from the top of the tree (ranks in `content`); `text` has no suggestion and no note; in a
    recommendation, `prompt` is its field ("" in the title).
    """

    number: int
    path: Path
    node: Tree
    text: str
    recommendation_id: str | None = None
    prompt: str = ""


def visible(text: str) -> str:
    """Return text without invisible characters."""
    return text.translate(_INVISIBLE)


def with_suggestions(tree: Tree, suggestions: Shown) -> Tree:
    """Return the tree as it stands with its suggestions, without them, or with all of them accepted."""
    return tree if suggestions == "shown" else settled(tree, suggestions == "accepted")


def to_text(tree: Tree, *, suggestions: Shown = "original") -> str:
    """Return the plain text of a tree, one line a passage, notes in brackets, without the recommendation questions."""
    return "\n".join(line for line in _lines(with_suggestions(tree, suggestions)) if line)


def line_text(node: Tree, *, notes: bool = True) -> str:
    """Return the text of one paragraph, heading, title or item on one line."""
    parts = []
    for child in node.get("content", []):
        if child["type"] == "text":
            parts.append(child["text"])
        elif child["type"] == "hardBreak":
            parts.append(" ")
        elif child["type"] == "footnote" and notes and child["attrs"]["text"]:
            parts.append(f" ({child['attrs']['text']})")
    return visible("".join(parts)).strip()


def _lines(node: Tree) -> Iterator[str]:
    if grammar.NODES[node["type"]].is_text_block:
        yield line_text(node)
    elif node["type"] == "tableRow":
        yield " | ".join(" ".join(_lines(cell)) for cell in node.get("content", []))
    else:
        for child in node.get("content", []):
            yield from _lines(child)


def alineas(tree: Tree) -> list[Alinea]:
    """Return the numbered passages of a tree, in order, from 1: the same tree always gives the same numbers.

    The tree must be settled: suggestions are ignored. An empty paragraph has no number, except the first line of an
    empty field of a recommendation, so that an amendment can be made there.
    """
    return [
        Alinea(number, path, node, text, recommendation_id, prompt)
        for number, (path, node, text, recommendation_id, prompt) in enumerate(_passages(tree, (), None, ""), 1)
    ]


_PassageFields = tuple[Path, Tree, str, str | None, str]


def _passages(node: Tree, path: Path, recommendation: str | None, prompt: str) -> Iterator[_PassageFields]:
    kind = node["type"]
    if kind == "recommendation":
        recommendation = node["attrs"]["id"]
    elif kind == "recommendationField":
        yield from _field_passages(node, path, recommendation)
        return
    if kind == "tableRow":
        text = " | ".join(" ".join(filter(None, _lines(cell))) for cell in node.get("content", []))
        yield path, node, text, recommendation, prompt
    elif grammar.NODES[kind].is_text_block:
        if line_text(node) or kind == "recommendationTitle":
            yield path, node, line_text(node, notes=False), recommendation, prompt
    elif kind == "listItem":
        yield from _item_passages(node, path, recommendation, prompt)
    else:
        for index, child in enumerate(node.get("content", [])):
            yield from _passages(child, (*path, index), recommendation, prompt)


def _item_passages(node: Tree, path: Path, recommendation: str | None, prompt: str) -> Iterator[_PassageFields]:
    """Yield an item once with its first line; the rest of the item follows."""
    for index, child in enumerate(node.get("content", [])):
        if index == 0 and child["type"] == "paragraph":
            if line_text(child):
                yield path, node, line_text(child, notes=False), recommendation, prompt
        else:
            yield from _passages(child, (*path, index), recommendation, prompt)


def _field_passages(node: Tree, path: Path, recommendation: str | None) -> Iterator[_PassageFields]:
    prompt = node["attrs"]["prompt"]
    passages = [
        passage
        for index, child in enumerate(node.get("content", []))
        for passage in _passages(child, (*path, index), recommendation, prompt)
    ]
    if not passages and node.get("content"):
        passages = [((*path, 0), node["content"][0], "", recommendation, prompt)]
    yield from passages


def question_label(prompt: str) -> str:
    return str(PROMPTS[prompt])
