"""Model of a file to import: a workbook whose columns offer their choices, and a sheet that explains them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from assembly.files.sheets import Heading, Kind, Worksheet
from assembly.files.spreadsheets import XLSX, file_of
from assembly.imports.plan import ImportColumn
from assembly.lists.tables import kind_of

EXAMPLES = {
    Kind.DAY: "05/12/2026",
    Kind.MOMENT: "05/12/2026 14:30",
    Kind.EUROS: "12 450,00",
    Kind.PERCENT: "80",
    Kind.INTEGER: "12",
}


def model_workbook(title: str, columns: Sequence[ImportColumn], example: Sequence[str], form: Any) -> HttpResponse:
    """Return the workbook; `form`: the form that lines pass through, if there is one, which has kinds and choices."""
    headings = [heading_of(column, form.fields.get(column.key) if form else None) for column in columns]
    about = [
        _("Une ligne par fiche dans la première feuille. L’ordre des colonnes est libre."),
        _("Une colonne marquée * est à remplir dans chaque ligne nouvelle."),
        _("Une case qui a une flèche propose ses choix."),
        _("Exemple d’une ligne :"),
        *example_lines(headings, example),
    ]
    return file_of(XLSX, Worksheet(title, headings, []), about)


def heading_of(column: ImportColumn, field: Any) -> Heading:
    title = str(column.title)
    if field is None:
        return Heading(title, Kind.TEXT, (), column.required)
    return Heading(title, kind_of(field), choices_in_cells(field), column.required or field.required)


def choices_in_cells(field: Any) -> list[str]:
    """Return the labels that a cell of this field may hold; none where anything may be written."""
    if isinstance(field, forms.ModelChoiceField):
        return [field.label_from_instance(row) for row in field.queryset or ()]
    if isinstance(field, forms.ChoiceField):
        pairs: Any = field.choices
        return [str(label) for value, label in pairs if value != ""]
    return [_("oui"), _("non")] if isinstance(field, forms.BooleanField) else []


def example_lines(headings: Sequence[Heading], example: Sequence[str]) -> Iterable[str]:
    """Yield what a line may hold, column by column."""
    for heading, text in zip(headings, example, strict=True):
        value = text or next(iter(heading.choices), "") or EXAMPLES.get(heading.kind, "")
        if value:
            yield f"{heading.text}\u00a0: {value}"
