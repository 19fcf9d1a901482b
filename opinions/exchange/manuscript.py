"""Input of the word processor files: the text with what surrounds it, and one walk of its tree for every format."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assembly.collab.document.grammar import PROMPTS, Tree

QUESTION_STYLE = "Question"
SHEET_STYLE = "Préconisation"
HEAD_STYLE = "Tête de tableau"
APART_STYLE = "Hors texte"  # surrounds the text: left out when the file comes back
TOP_LEVEL = 2
LANGUAGE = "fr-FR"


@dataclass(frozen=True)
class Manuscript:
    """A text and what is printed around it.

    `references` gives the reference of each recommendation by the id of its node, `facts` the lines under its title
    (theme, vote). With `notice` the text is not adopted: « PROJET » and that sentence are on its first page and in its
    headers.
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
        """Return the line at the top of each page."""
        return " · ".join(filter(None, (_("PROJET") if self.is_draft else "", self.reference, self.title)))


@dataclass(frozen=True)
class Run:
    """Words in one style inside a paragraph; `note` is the text of a footnote called here, `is_break` a new line."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    href: str = ""
    note: str = ""
    is_break: bool = False


def text_runs(node: Tree, *, bold: bool = False) -> Iterator[Run]:
    """Yield the runs of a paragraph, heading or title, in order; all bold in the head of a table."""
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
    """Yield each cell with its row, column, height and width on a grid; no span overlaps or leaves the table."""
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
    """Return the number of columns of a table."""
    return max((left + width for _top, left, _height, width, _cell in cells(table)), default=1)


def is_heading_row(row: Tree) -> bool:
    return bool(blocks(row)) and all(cell["type"] == "tableHeader" for cell in blocks(row))


def sheet(node: Tree) -> tuple[Tree, list[tuple[str, Sequence[Tree]]]]:
    """Return the title of a recommendation, and its answered questions with their blocks."""
    title, *fields = blocks(node)
    answered = [
        (str(PROMPTS[question["attrs"]["prompt"]]), blocks(question))
        for question in fields
        if any(map(has_text, blocks(question)))
    ]
    return title, answered


def has_text(node: Tree) -> bool:
    """Return whether this node has any text or note."""
    if node["type"] == "text":
        return bool(node["text"].strip())
    return node["type"] == "footnote" or any(has_text(child) for child in blocks(node))


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
        """Return the printed reference of a recommendation, empty as long as it has none."""
        return self.manuscript.references.get(node["attrs"]["id"], "")

    def facts_of(self, node: Tree) -> Sequence[str]:
        """Return the lines under the title of a recommendation."""
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
