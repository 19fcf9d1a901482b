"""Lists as files that a spreadsheet opens: CSV, and workbooks (XLSX, OpenDocument) with a sheet that describes them.

Views pass dates and moments, never sentences: a spreadsheet sorts `2026-03-28 09:30:00` and a program parses it. In a
CSV (`;`, a byte order mark) dates are in ISO 8601; in a workbook numbers and days stay numbers and days, under a bold
heading row that stays in sight and filters.

The file is written whole and not streamed: under ASGI a synchronous stream is read to its end before the first byte is
sent anyway. A workbook takes its rows one by one: 20,000 of them need no more memory than 200.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assembly.files.open_document import OPEN_DOCUMENT_SHEETS, opendocument
from assembly.files.sheets import Heading, Kind, Worksheet, cell

XLSX, ODS, CSV = "xlsx", "ods", "csv"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ODS: OPEN_DOCUMENT_SHEETS,
}
NOTE = "# "  # starts the lines of a CSV that describe the file; an import skips them
NUMBER_FORMATS = {
    Kind.GENERAL: "General",
    Kind.TEXT: "@",
    Kind.INTEGER: "0",
    Kind.NUMBER: "General",
    Kind.EUROS: '#,##0.00\\ "€"',
    Kind.PERCENT: "0\\ %",
    Kind.DAY: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy\\ hh:mm",
}
MODEL_ROWS = 2000  # below the last row: cells that offer choices
CHOICES = "Choix"


def csv_response(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return the response with the file `<title>-<day>.csv`."""
    name = f"{slugify(title)}-{timezone.localdate():%Y-%m-%d}.csv"
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response, delimiter=";", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([cell(label) for label in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return response


def file_of(kind: str, sheet: Worksheet, about: Sequence[str] = (), more: Sequence[Worksheet] = ()) -> HttpResponse:
    """Return a sheet as CSV, XLSX or ODS; the last two with `more` sheets.

    `about`: lines that say what the file holds, when and by whom it was made.
    """
    if kind not in TYPES:
        notes = [[f"{NOTE}{line}"] for line in about]
        rows = (row for part in (sheet.rows, notes) for row in part)
        return csv_response(sheet.title, [heading.label for heading in sheet.headings], rows)
    sheets = [sheet, *more, *([Worksheet(about_title(), (), [[line] for line in about])] if about else [])]
    content = (workbook if kind == XLSX else opendocument)(sheets)
    name = f"{slugify(sheet.title)}-{timezone.localdate():%Y-%m-%d}.{kind}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPES[kind], headers=disposition)


def about_title() -> str:
    """Return the title of the sheet that describes a file; no import reads it, nor that of the choices."""
    return _("À propos")


def workbook(sheets: Iterable[Worksheet]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 -- 0.2 s that only a process which writes a workbook pays

    book = Workbook(write_only=True)
    offered: list[Heading] = []
    for sheet in sheets:
        write_sheet(book, sheet, offered)
    if offered:
        write_choices(book, offered)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def write_sheet(book: Any, sheet: Worksheet, offered: list[Heading]) -> None:
    """Write one sheet, its headings bold, in sight and with a filter; add to `offered` the columns with choices."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- see above

    page, headings = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.title)[:31]), sheet.headings
    widths, rows = sheet.measured()
    styled = StyledCells(page)
    for at, width in enumerate(widths):
        column = page.column_dimensions[get_column_letter(at + 1)]
        column.width = width
        if headings and at < len(headings):
            column.number_format = NUMBER_FORMATS[headings[at].kind]
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if headings:
        page.freeze_panes, page.print_title_rows = "A2", "1:1"
        page.append(styled.head(heading) for heading in headings)
    last = 1
    for row in rows:
        page.append(styled.values(headings, row))
        last += 1
    if headings:
        page.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{last}"
    for at, heading in enumerate(headings):
        if heading.choices:
            offered.append(heading)
            source = f"{CHOICES}!${get_column_letter(len(offered))}$2:${get_column_letter(len(offered))}"
            cells = f"{get_column_letter(at + 1)}2:{get_column_letter(at + 1)}{last + MODEL_ROWS}"
            offer(page, cells, f"{source}${len(heading.choices) + 1}")


def offer(page: Any, cells: str, choices: str) -> None:
    """Make cells of a column offer the choices of a column of the sheet of choices; others may be typed."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 -- see above

    validation = DataValidation("list", choices, allow_blank=True, showErrorMessage=False)
    validation.add(cells)
    page.data_validations.append(validation)


def write_choices(book: Any, offered: Sequence[Heading]) -> None:
    """Write the hidden sheet with the choices of columns, from which their cells offer them."""
    page = book.create_sheet(CHOICES)
    page.sheet_state = "hidden"
    page.append([cell(heading.label) for heading in offered])
    for at in range(max(len(heading.choices) for heading in offered)):
        page.append([cell(heading.choices[at]) if at < len(heading.choices) else None for heading in offered])


class StyledCells:
    """Cells of a sheet that is being written: one object for each style, filled and written again and again.

    The generators yield a cell just before it is written, which is why one object is enough.
    """

    def __init__(self, page: Any) -> None:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- see above
        from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 -- see above

        self.cells = {kind: WriteOnlyCell(page) for kind in Kind}
        for kind, each in self.cells.items():
            each.number_format, each.alignment = NUMBER_FORMATS[kind], Alignment(vertical="top", wrap_text=True)
        self.heads = {is_required: WriteOnlyCell(page) for is_required in (False, True)}
        for is_required, each in self.heads.items():
            each.font, each.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
            each.fill = PatternFill("solid", fgColor="FFE8B0" if is_required else "E7E4F5")

    def head(self, heading: Heading) -> Any:
        each = self.heads[heading.is_required]
        each.value = heading.text
        return each

    def values(self, headings: Sequence[Heading], row: Sequence[object]) -> Iterator[Any]:
        for at, value in enumerate(row):
            heading = headings[at] if headings else PLAIN
            kind = heading.kind_of(value)
            each = self.cells[kind]
            each.value = value / 100 if isinstance(value, int | float | Decimal) and kind == Kind.PERCENT else value
            yield each


PLAIN = Heading("")
