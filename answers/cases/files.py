"""Office files of a directorate’s answers: export to Word, OpenDocument or CSV, import from Word or CSV.

In Word each answer is a table of its own with one row per question; elsewhere it is a line with one column per
question. The import matches by label, whatever the position: rows, columns and answers may be moved, or left out.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from answers.cases.models import CONTENT, label_of
from answers.models import Answer
from assembly.files.file_kinds import WORD
from assembly.files.open_document import opendocument
from assembly.files.sheets import Heading, Kind, Worksheet, cell, without_apostrophe
from assembly.imports.tables import read_text
from consultations.reviews import documents as grid
from consultations.reviews.documents import WordGrid
from consultations.reviews.forms import GridQuestion
from consultations.reviews.rules import folded_name


@dataclass(frozen=True)
class ExportedAnswer:
    """One answer to export."""

    reference: str
    title: str
    answer: Answer

    @property
    def content(self) -> dict[str, str]:
        texts = {name: text_of(getattr(self.answer, name)) for name in CONTENT}
        return {"reference": self.reference, "title": self.title, "version": str(self.answer.version), **texts}


@dataclass
class ImportedAnswer:
    """One answer read from a file: `place` is where (« Ligne 3 »), `texts` are values of the form, by column."""

    place: str
    reference: str = ""
    version: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def text_of(value: Any) -> str:
    """Return a day as people write it, and anything else as text."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


@cache
def questions() -> tuple[GridQuestion, ...]:
    """Return the columns of an answer, in the order of the grid."""
    choices: dict[str, Any] = {name: Answer._meta.get_field(name) for name in CONTENT}
    return tuple(
        GridQuestion(name, label_of(name), {value: capfirst(str(label)) for value, label in one.choices or ()})
        for name, one in choices.items()
    )


def office_questions() -> tuple[GridQuestion, ...]:
    """Return the columns that identify an answer, then those of its content."""
    labels = {"reference": _("Référence"), "title": _("Préconisation"), "version": _("Version (ne pas changer)")}
    return (*(GridQuestion(name, label, {}) for name, label in labels.items()), *questions())


# Export


def word_answers(title: str, rows: Sequence[ExportedAnswer]) -> bytes:
    instruction = _("Écrivez dans la dernière colonne, puis déposez ce fichier sur la page du tableau.")
    tables = [WordGrid(office_questions(), row.content, f"{row.reference} {row.title}") for row in rows]
    return grid.word_file(title, instruction, *tables)


def csv_answers(rows: Sequence[ExportedAnswer]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerows([cell(text) for text in line] for line in lines_of(rows))
    return f"\ufeff{target.getvalue()}".encode()


def lines_of(rows: Sequence[ExportedAnswer]) -> Iterator[list[str]]:
    yield [question.label for question in office_questions()]
    for row in rows:
        yield [question.choices.get(text := row.content[question.name], text) for question in office_questions()]


def ods_answers(rows: Sequence[ExportedAnswer]) -> bytes:
    """Return a spreadsheet whose cells are all text."""
    head, *lines = lines_of(rows)
    return opendocument([Worksheet(_("Réponses"), [Heading(label, Kind.TEXT) for label in head], lines)])


# Import


def answers_in(content: bytes, content_type: str) -> list[ImportedAnswer]:
    """Return every answer in a file with its errors; raise ValidationError if there is none."""
    answers = list(_in_word(content) if content_type == WORD else _in_csv(content))
    if not answers:
        raise ValidationError(_("Ce fichier n’a pas le tableau des réponses : partez d’un fichier de cette page."))
    return answers


def _in_word(content: bytes) -> Iterator[ImportedAnswer]:
    """Yield one answer per reference row: two tables that were joined still give two answers."""
    first = folded_name(_("Référence"))
    chunks: list[list[list[str]]] = []
    for cells in grid.table_rows(content):
        if grid.question_of_row(cells) == first:
            chunks.append([])
        if chunks:
            chunks[-1].append(cells)
    for number, rows in enumerate(chunks, start=1):
        matches, errors = grid.rows_among(enumerate(rows, start=1), office_questions())
        texts = {row.name: row.text for row in matches}
        yield _imported_answer(_("Tableau %(n)s") % {"n": number}, texts, errors)


def _in_csv(content: bytes) -> Iterator[ImportedAnswer]:
    rows, _notes = read_text(content)
    known = {folded_name(question.label): question for question in office_questions()}
    (_line, head), *lines = rows or [(1, [])]
    columns = [known.get(folded_name(label)) for label in head]
    names = [question.name for question in columns if question]
    if "reference" not in names:
        return
    if len(set(names)) < len(names):
        raise ValidationError(_("Une colonne est deux fois dans le fichier : gardez-en une."))
    unknown = [label for label, question in zip(head, columns, strict=True) if label and question is None]
    if unknown:
        values = {"labels": ", ".join(unknown)[:200]}
        raise ValidationError(_("Ces colonnes ne sont pas dans le tableau : %(labels)s. Enlevez-les.") % values)
    for line, cells in lines:
        if not any(cells):
            continue
        errors: list[str] = []
        pairs = [
            (question, without_apostrophe(text)) for question, text in zip(columns, cells, strict=False) if question
        ]
        text = {question.name: grid.value_of(question, entry, line, errors) for question, entry in pairs}
        if any(cells[len(head) :]):
            errors.append(_("Ligne %(n)s : elle a plus de cases que l’en-tête.") % {"n": line})
        yield _imported_answer(_("Ligne %(n)s") % {"n": line}, text, errors)


def _imported_answer(place: str, texts: dict[str, str], errors: list[str]) -> ImportedAnswer:
    reference, version = texts.pop("reference", ""), texts.pop("version", "")
    texts.pop("title", None)
    return ImportedAnswer(place, reference.strip().upper(), version.strip(), texts, errors)
