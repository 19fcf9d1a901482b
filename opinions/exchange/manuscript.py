"""What a word processor is given: the words around a text, and its tree walked in one way for every format."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assembly.collab.document.grammar import PROMPTS, Tree

QUESTION_STYLE = "Question"
SHEET_STYLE = "Préconisation"
HEAD_STYLE = "Tête de tableau"
APART_STYLE = "Hors texte"  # what surrounds the text: left aside when the file comes back
TOP_LEVEL = 2
LANGUAGE = "fr-FR"


@dataclass(frozen=True)
class Manuscript:
    """A text and what is printed around it. `references` names recommendations by the id of their node, `facts` gives
    the lines under their title (theme, vote).

    With `notice` the file is no adopted text: « PROJET » and that sentence stand on its first page and its headers.
    """

    title: str
    tree: Tree
    assembly: str = ""
    reference: str = ""
    lines: Sequence[str] = ()
    notice: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_draft(self) -> bool:
        return bool(self.notice)

    @property
    def headline(self) -> str:
        """The line at the top of each page."""
        return " · ".join(filter(None, (_("PROJET") if self.is_draft else "", self.reference, self.title)))


@dataclass(frozen=True)
class Run:
    """Words of one make inside a paragraph; `note` is the text of a footnote called here, `is_break` a new line."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    href: str = ""
    note: str = ""
    is_break: bool = False


def text_runs(node: Tree, *, bold: bool = False) -> Iterator[Run]:
    """The runs of a paragraph, heading or title, in order; all bold in the head of a table."""
    for child in node.get("content", ()):
        kind = child["type"]
        if kind == "hardBreak":
            yield Run(is_break=True)
        elif kind == "footnote":
            yield Run(note=child["attrs"]["text"])
        elif kind == "text":
            marks = {mark["type"]: mark.get("attrs", {}) for mark in child.get("marks", ())}
            href = marks.get("link", {}).get("href", "")
            yield Run(child["text"], bold=bold or "bold" in marks, italic="italic" in marks, href=href)


def blocks(node: Tree) -> Sequence[Tree]:
    return node.get("content", ())


def cells(table: Tree) -> Iterator[tuple[int, int, int, int, Tree]]:
    """Each cell with its row, column, height and width on a grid where spans never overlap nor leave the table."""
    rows = blocks(table)
    taken: set[tuple[int, int]] = set()
    for top, row in enumerate(rows):
        left = 0
        for cell in blocks(row):
            while (top, left) in taken:
                left += 1
            attrs = cell.get("attrs", {})
            height = min(attrs.get("rowspan", 1), len(rows) - top)
            width = attrs.get("colspan", 1)
            while width > 1 and any((top, left + step) in taken for step in range(width)):
                width -= 1
            taken.update((top + down, left + across) for down in range(height) for across in range(width))
            yield top, left, height, width, cell
            left += width


def width_of(table: Tree) -> int:
    """The number of columns of a table."""
    return max((left + width for _top, left, _height, width, _cell in cells(table)), default=1)


def is_heading_row(row: Tree) -> bool:
    return bool(blocks(row)) and all(cell["type"] == "tableHeader" for cell in blocks(row))


def sheet(node: Tree) -> tuple[Tree, list[tuple[str, Sequence[Tree]]]]:
    """A recommendation as its title and its answered questions (in words, with their blocks)."""
    title, *fields = blocks(node)
    answered = [
        (str(PROMPTS[found["attrs"]["prompt"]]), blocks(found))
        for found in fields
        if any(map(has_words, blocks(found)))
    ]
    return title, answered


def has_words(node: Tree) -> bool:
    """Whether there is anything to read in this node."""
    if node["type"] == "text":
        return bool(node["text"].strip())
    return node["type"] == "footnote" or any(has_words(child) for child in blocks(node))


class ManuscriptWriter(ABC):
    """One walk for every format. `place` is where blocks go (the body, a cell, a quotation, a list item)."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.manuscript = manuscript

    def write_all(self, nodes: Sequence[Tree], place: Any) -> None:
        for node in nodes:
            self.write(node, place)

    def write(self, node: Tree, place: Any) -> None:
        match node["type"]:
            case "paragraph":
                self.paragraph(node, place)
            case "heading":
                self.heading(node, node["attrs"]["level"] - TOP_LEVEL + 1, place)
            case "bulletList" | "orderedList":
                self.listing(node, place)
            case "blockquote":
                self.quotation(node, place)
            case "table":
                self.table(node, place)
            case "recommendation":
                self.recommendation(node, place)

    def number_of(self, node: Tree) -> str:
        """The printed reference of a recommendation, nothing before it has one."""
        return self.manuscript.references.get(node["attrs"]["id"], "")

    def facts_of(self, node: Tree) -> Sequence[str]:
        """What is said under the title of a recommendation."""
        return self.manuscript.facts.get(node["attrs"]["id"], ())

    @abstractmethod
    def paragraph(self, node: Tree, place: Any) -> None: ...

    @abstractmethod
    def heading(self, node: Tree, level: int, place: Any) -> None: ...

    @abstractmethod
    def listing(self, node: Tree, place: Any) -> None: ...

    @abstractmethod
    def quotation(self, node: Tree, place: Any) -> None: ...

    @abstractmethod
    def table(self, node: Tree, place: Any) -> None: ...

    @abstractmethod
    def recommendation(self, node: Tree, place: Any) -> None: ...
