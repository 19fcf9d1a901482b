"""Grids as Word tables, one row a question, the answer in the last cell: export and import."""

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

from assembly.files import child_process
from consultations.reviews.forms import GridQuestion
from consultations.reviews.rules import folded_name
from consultations.reviews.word_child import DONE

LANGUAGE = "fr-FR"
WALL_SECONDS = 20
WIDTHS = (Cm(1.3), Cm(5.7), Cm(10))
A4 = Cm(21), Cm(29.7)


@dataclass(frozen=True)
class GridRow:
    """Content of one row of the table in a file, which Word numbers from 1 below the header row."""

    number: int
    name: str
    text: str


@dataclass(frozen=True)
class WordGrid:
    """One table of a file; `heading` stands above it where there are several."""

    questions: Sequence[GridQuestion]
    content: Mapping[str, str]
    heading: str = ""


def blank_document(title: str) -> Any:
    """Return a Word file in A4 and in French, with its title and without an author."""
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
    """Return the bytes of the file; `asked`: what to do with it, in a sentence."""
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
        answer = grid.content[question.name]
        _fill(table.add_row().cells, str(number), question.asked, question.choices.get(answer, answer))


def _fill(cells: Any, *texts: str) -> None:
    for cell, text, width in zip(cells, texts, WIDTHS, strict=True):
        cell.text, cell.width = text, width


def rows_in(content: bytes, questions: Sequence[GridQuestion]) -> list[GridRow]:
    """Return the rows that answer a question of the grid, as values of its columns.

    Raises ValidationError with a sentence for each row that cannot be read, or for a file without such a table.
    """
    rows, errors = rows_among(enumerate(table_rows(content)), questions)
    if not rows and not errors:
        errors.append(_("Ce fichier n’a pas le tableau de la contribution : partez du fichier Word de cette page."))
    if errors:
        raise ValidationError(errors)
    return rows


def question_of_row(cells: Sequence[str]) -> str:
    """Return the question of a row without case and accents; empty for the header row and for what is no row."""
    label = folded_name(cells[1].strip().split("\n")[0]) if len(cells) >= len(WIDTHS) else ""
    return "" if label == folded_name(_("Question")) else label


def rows_among(
    rows: Iterable[tuple[int, Sequence[str]]], questions: Sequence[GridQuestion]
) -> tuple[list[GridRow], list[str]]:
    """Return the answers of these rows, and a sentence for each row that cannot be read."""
    by_label = {folded_name(question.label): question for question in questions}
    answers: dict[str, GridRow] = {}
    errors: list[str] = []
    for number, cells in rows:
        if not (text := question_of_row(cells)):
            continue
        question = by_label.get(text)
        if question is None:
            errors.append(_("Ligne %(n)s : cette question n’est pas dans la grille.") % {"n": number})
        elif question.name in answers:
            former = answers[question.name].number
            errors.append(_("Ligne %(n)s : la même question est déjà en ligne %(m)s.") % {"n": number, "m": former})
        else:
            text = cells[-1].strip()
            answers[question.name] = GridRow(number, question.name, value_of(question, text, number, errors))
    return list(answers.values()), errors


def value_of(question: GridQuestion, text: str, number: int, errors: list[str]) -> str:
    """Return the value of a choice from its label, a free text as it is; what is no choice adds to `errors`."""
    if not question.choices or not text:
        return text
    known = {folded_name(label): value for value, label in question.choices.items()}
    if (value := known.get(folded_name(text.rstrip(". ")))) is None:
        sentence = _("Ligne %(n)s : « %(words)s » n’est pas une réponse possible. %(possible)s.")
        errors.append(sentence % {"n": number, "words": text[:60], "possible": question.possible})
        return ""
    return value


def table_rows(content: bytes) -> list[list[str]]:
    """Return the rows of the tables of an uploaded file, read in a separate process."""
    unreadable = ValidationError(_("Ce fichier ne se lit pas. Enregistrez-le de nouveau dans Word, au format .docx."))
    try:
        child = child_process.run_module("consultations.reviews.word_child", content=content, seconds=WALL_SECONDS)
    except subprocess.TimeoutExpired as slow:
        raise unreadable from slow
    if child.returncode != DONE:
        raise unreadable
    rows: list[list[str]] = json.loads(child.stdout)
    return rows
