"""Grids as Word tables: a row a question, the answer in the last cell. Out, and in again."""

import io
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docx
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from assembly.ui import child_process
from consultations.exchange.word_child import DONE
from consultations.rules.thread import folded_name

LANGUAGE = "fr-FR"
WALL_SECONDS = 20
WIDTHS = (Cm(1.3), Cm(5.7), Cm(10))
A4 = Cm(21), Cm(29.7)


@dataclass(frozen=True)
class GridQuestion:
    """One row: the column of the grid, its words, its possible answers by value where there are some."""

    name: str
    label: str
    choices: Mapping[str, str]

    @property
    def possible(self) -> str:
        return _("Au choix : %(answers)s") % {"answers": " ; ".join(self.choices.values())}

    @property
    def asked(self) -> str:
        """What the row says: the label alone on its line, which is how it is found again."""
        return f"{self.label}\n{self.possible}" if self.choices else self.label


@dataclass(frozen=True)
class GridRow:
    """What the file says in one row of its table, which Word numbers from 1 below the heads."""

    number: int
    name: str
    words: str


@dataclass(frozen=True)
class WordGrid:
    """One table of a file; `heading` stands above it where there are several."""

    questions: Sequence[GridQuestion]
    content: Mapping[str, str]
    heading: str = ""


def blank_document(title: str) -> Any:
    """A Word file in A4 and in French, with its title and nobody’s name in it."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = A4
    section.left_margin = section.right_margin = Cm(2)
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), LANGUAGE)
    document.core_properties.title, document.core_properties.language = title, LANGUAGE
    document.core_properties.author = document.core_properties.comments = ""
    document.add_heading(title, level=1)
    return document


def word_file(title: str, asked: str, *grids: WordGrid) -> bytes:
    """The bytes of the file; `asked`: what is done with it, in a sentence."""
    document = blank_document(title)
    document.add_paragraph(asked)
    for grid in grids:
        if grid.heading:
            document.add_heading(grid.heading, level=2)
        _add_table(document, grid)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_table(document: Any, grid: WordGrid) -> None:
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    table.autofit = False
    _fill(table.rows[0].cells, _("Ligne"), _("Question"), _("Votre réponse"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 -- python-docx has no name for it
    for number, question in enumerate(grid.questions, start=1):
        words = grid.content[question.name]
        _fill(table.add_row().cells, str(number), question.asked, question.choices.get(words, words))


def _fill(cells: Any, *words: str) -> None:
    for cell, text, width in zip(cells, words, WIDTHS, strict=True):
        cell.text, cell.width = text, width


def rows_in(content: bytes, questions: Sequence[GridQuestion]) -> list[GridRow]:
    """The rows that answer a question of the grid, as values of its columns.

    Raises ValidationError with a sentence for each row that cannot be read, or for a file without such a table.
    """
    found, errors = rows_among(enumerate(table_rows(content)), questions)
    if not found and not errors:
        errors.append(_("Ce fichier n’a pas le tableau de la contribution : partez du fichier Word de cette page."))
    if errors:
        raise ValidationError(errors)
    return found


def asked_in(cells: Sequence[str]) -> str:
    """The question of a row, whatever its case and accents; nothing for the row of the heads and what is no row."""
    words = folded_name(cells[1].strip().split("\n")[0]) if len(cells) >= len(WIDTHS) else ""
    return "" if words == folded_name(_("Question")) else words


def rows_among(
    rows: Iterable[tuple[int, Sequence[str]]], questions: Sequence[GridQuestion]
) -> tuple[list[GridRow], list[str]]:
    """What these rows answer, and a sentence for each that cannot be read."""
    by_label = {folded_name(question.label): question for question in questions}
    found: dict[str, GridRow] = {}
    errors: list[str] = []
    for number, cells in rows:
        if not (words := asked_in(cells)):
            continue
        question = by_label.get(words)
        if question is None:
            errors.append(_("Ligne %(n)s : cette question n’est pas dans la grille.") % {"n": number})
        elif question.name in found:
            former = found[question.name].number
            errors.append(_("Ligne %(n)s : la même question est déjà en ligne %(m)s.") % {"n": number, "m": former})
        else:
            words = cells[-1].strip()
            found[question.name] = GridRow(number, question.name, value_of(question, words, number, errors))
    return list(found.values()), errors


def value_of(question: GridQuestion, words: str, number: int, errors: list[str]) -> str:
    """The value of a choice written in words; a free text as it is."""
    if not question.choices or not words:
        return words
    known = {folded_name(label): value for value, label in question.choices.items()}
    if (value := known.get(folded_name(words.rstrip(". ")))) is None:
        sentence = _("Ligne %(n)s : « %(words)s » n’est pas une réponse possible. %(possible)s.")
        errors.append(sentence % {"n": number, "words": words[:60], "possible": question.possible})
        return ""
    return value


def table_rows(content: bytes) -> list[list[str]]:
    """Rows of the tables of a file from outside, read in a process of its own."""
    unreadable = ValidationError(_("Ce fichier ne se lit pas. Enregistrez-le de nouveau dans Word, au format .docx."))
    try:
        child = child_process.run_module("consultations.exchange.word_child", content=content, seconds=WALL_SECONDS)
    except subprocess.TimeoutExpired as slow:
        raise unreadable from slow
    if child.returncode != DONE:
        raise unreadable
    rows: list[list[str]] = json.loads(child.stdout)
    return rows
