"""Model of a file to import: a workbook whose columns offer their choices, and a sheet that explains them."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from assembly.files.sheets import Heading, Kind, Worksheet
from assembly.files.spreadsheets import XLSX, file_of
from assembly.imports.plan import ImportColumn

EXAMPLES = {
    Kind.DAY: "05/12/2026",
    Kind.MOMENT: "05/12/2026 14:30",
    Kind.EUROS: "12 450,00",
    Kind.PERCENT: "80",
    Kind.INTEGER: "12",
}


def model_workbook(title: str, columns: Sequence[ImportColumn], example: Sequence[str]) -> HttpResponse:
    """Return the workbook; `columns`: of a term, with their kinds and choices."""
    headings = [Heading(str(each.title), each.kind, each.choices, each.required or each.is_needed) for each in columns]
    about = [
        _("Une ligne par fiche dans la première feuille. L’ordre des colonnes est libre."),
        _("Une colonne marquée * est à remplir dans chaque ligne nouvelle."),
        _("Une case qui a une flèche propose ses choix."),
        _("Exemple d’une ligne :"),
        *example_lines(headings, example),
    ]
    return file_of(XLSX, Worksheet(title, headings, []), about)


def example_lines(headings: Sequence[Heading], example: Sequence[str]) -> Iterable[str]:
    """Yield what a line may hold, column by column."""
    for heading, text in zip(headings, example, strict=True):
        value = text or next(iter(heading.choices), "") or EXAMPLES.get(heading.kind, "")
        if value:
            yield f"{heading.text}\u00a0: {value}"
