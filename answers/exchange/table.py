"""The answers of a directorate to an opinion as an office file: Word, OpenDocument or CSV out; Word or CSV in again.

In Word each answer is a table of its own, a row a question; elsewhere a line, a column a question. What is found again
is found by its label, whatever its place: rows, columns and answers may be moved, or left out.
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

from answers.models import Answer
from answers.models.answer import CONTENT, label_of
from assembly.ui.csv import STARTS_A_FORMULA, cell
from assembly.ui.file_kinds import WORD
from consultations.exchange import grid
from consultations.exchange.grid import GridQuestion, WordGrid
from consultations.rules.thread import folded_name
from members.tabular import read_text

WIDE = ("body", "kept", "left_out", "proof", "action")


@dataclass(frozen=True)
class OfficeAnswer:
    """One answer as a file tells it."""

    reference: str
    title: str
    answer: Answer

    @property
    def content(self) -> dict[str, str]:
        told = {name: written(getattr(self.answer, name)) for name in CONTENT}
        return {"reference": self.reference, "title": self.title, "version": str(self.answer.version), **told}


@dataclass
class FileAnswer:
    """What a file says of one answer: `place` is where (« Ligne 3 »), `words` by column, as values of the form."""

    place: str
    reference: str = ""
    version: str = ""
    words: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def written(value: Any) -> str:
    """A day as people write it; anything else as it is."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


@cache
def questions() -> tuple[GridQuestion, ...]:
    """The columns of an answer, in the order of the grid."""
    choices: dict[str, Any] = {name: Answer._meta.get_field(name) for name in CONTENT}  # noqa: SLF001 -- _meta is Django's public name
    return tuple(
        GridQuestion(name, label_of(name), {value: capfirst(str(label)) for value, label in one.choices or ()})
        for name, one in choices.items()
    )


def office_questions() -> tuple[GridQuestion, ...]:
    """What tells an answer from the others, then its columns."""
    said = {"reference": _("Référence"), "title": _("Préconisation"), "version": _("Version (ne pas changer)")}
    return (*(GridQuestion(name, label, {}) for name, label in said.items()), *questions())


# Out


def word_answers(title: str, rows: Sequence[OfficeAnswer]) -> bytes:
    asked = _("Écrivez dans la dernière colonne, puis déposez ce fichier sur la page du tableau.")
    tables = [WordGrid(office_questions(), row.content, f"{row.reference} {row.title}") for row in rows]
    return grid.word_file(title, asked, *tables)


def csv_answers(rows: Sequence[OfficeAnswer]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerows([cell(words) for words in line] for line in lines_of(rows))
    return f"\ufeff{target.getvalue()}".encode()


def lines_of(rows: Sequence[OfficeAnswer]) -> Iterator[list[str]]:
    yield [question.label for question in office_questions()]
    for row in rows:
        yield [question.choices.get(words := row.content[question.name], words) for question in office_questions()]


def ods_answers(title: str, rows: Sequence[OfficeAnswer]) -> bytes:
    """A sheet whose cells are all texts."""
    from assembly.ui.open_document import spreadsheet  # noqa: PLC0415 -- 0.4 s of every start; only a download pays them

    wide = [place for place, question in enumerate(office_questions()) if question.name in WIDE]
    head, *lines = lines_of(rows)
    return spreadsheet(title, _("Réponses"), head, lines, wide=wide)


# In


def answers_in(content: bytes, content_type: str) -> list[FileAnswer]:
    """Every answer that a file tells, with what cannot be read of each; raises ValidationError where it tells none."""
    found = list(_in_word(content) if content_type == WORD else _in_csv(content))
    if not found:
        raise ValidationError(_("Ce fichier n’a pas le tableau des réponses : partez d’un fichier de cette page."))
    return found


def _in_word(content: bytes) -> Iterator[FileAnswer]:
    """Each begins with its reference: two tables that were joined are still two answers."""
    first = folded_name(_("Référence"))
    chunks: list[list[list[str]]] = []
    for cells in grid.table_rows(content):
        if grid.asked_in(cells) == first:
            chunks.append([])
        if chunks:
            chunks[-1].append(cells)
    for number, rows in enumerate(chunks, start=1):
        said, errors = grid.rows_among(enumerate(rows, start=1), office_questions())
        words = {row.name: row.words for row in said}
        yield _told(_("Tableau %(n)s") % {"n": number}, words, errors)


def _in_csv(content: bytes) -> Iterator[FileAnswer]:
    rows, _formulas, _notes = read_text(content)
    known = {folded_name(question.label): question for question in office_questions()}
    (_line, head), *lines = rows or [(1, [])]
    columns = [known.get(folded_name(label)) for label in head]
    names = [question.name for question in columns if question]
    if "reference" not in names:
        return
    if len(set(names)) < len(names):
        raise ValidationError(_("Une colonne est deux fois dans le fichier : gardez-en une."))
    strange = [label for label, question in zip(head, columns, strict=True) if label and question is None]
    if strange:
        values = {"labels": ", ".join(strange)[:200]}
        raise ValidationError(_("Ces colonnes ne sont pas dans le tableau : %(labels)s. Enlevez-les.") % values)
    for line, cells in lines:
        if not any(cells):
            continue
        errors: list[str] = []
        pairs = [(question, unquoted(words)) for question, words in zip(columns, cells, strict=False) if question]
        words = {question.name: grid.value_of(question, said, line, errors) for question, said in pairs}
        if any(cells[len(head) :]):
            errors.append(_("Ligne %(n)s : elle a plus de cases que l’en-tête.") % {"n": line})
        yield _told(_("Ligne %(n)s") % {"n": line}, words, errors)


def unquoted(words: str) -> str:
    """Without the quote that keeps a text from running as a formula."""
    return words[1:] if words.startswith("'") and words[1:].startswith(STARTS_A_FORMULA) else words


def _told(place: str, words: dict[str, str], errors: list[str]) -> FileAnswer:
    reference, version = words.pop("reference", ""), words.pop("version", "")
    words.pop("title", None)
    return FileAnswer(place, reference.strip().upper(), version.strip(), words, errors)
