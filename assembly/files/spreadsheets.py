"""Lists as files that a spreadsheet opens: CSV, and workbooks (XLSX, OpenDocument) with a sheet that describes them.

Views pass dates and moments, never sentences: a spreadsheet sorts `2026-03-28 09:30:00` and a program parses it. In a
CSV (`;`, a byte order mark) dates are in ISO 8601; in a workbook numbers and days stay numbers and days. A text that
would run as a formula gets an apostrophe in front.

The file is written whole and not streamed: under ASGI a synchronous stream is read to its end before the first byte is
sent anyway.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


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


def cell(value: object) -> str:
    """Format a value for a cell: numbers as French spreadsheets read them, dates in ISO 8601 in local time.

    A text that would run as a formula gets an apostrophe in front.
    """
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case int():
            return str(value)
        case float() | Decimal():
            return str(value).replace(".", ",")
        case datetime():
            return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


XLSX, ODS, CSV = "xlsx", "ods", "csv"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ODS: "application/vnd.oasis.opendocument.spreadsheet",
}
LONGEST_CELL = 32_000  # what a cell of these formats holds
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOTE = "# "  # starts the lines of a CSV that describe the file; an import skips them

type Sheet = tuple[str, Iterable[Sequence[object]]]


def file_of(
    kind: str, title: str, header: Sequence[str], rows: Iterable[Sequence[object]], about: Sequence[str] = ()
) -> HttpResponse:
    """Return the rows as CSV, XLSX or ODS.

    `about`: lines that say what the file holds, when and by whom it was made.
    """
    if kind not in TYPES:
        notes = [[f"{NOTE}{line}"] for line in about]
        return csv_response(title, header, (row for part in (rows, notes) for row in part))
    sheets: list[Sheet] = [(title, [header, *rows]), (_("À propos"), [[line] for line in about])]
    content = (workbook if kind == XLSX else opendocument)(sheets if about else sheets[:1])
    name = f"{slugify(title)}-{timezone.localdate():%Y-%m-%d}.{kind}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPES[kind], headers=disposition)


def file_value(value: object) -> object:
    """Return a number or a day as it is, anything else as a text that no program runs."""
    match value:
        case bool() | None:
            return cell(value)
        case int() if abs(value) >= 2**53:  # a spreadsheet would round it
            return str(value)
        case int() | float() | Decimal():
            return value
        case datetime():
            return timezone.make_naive(value) if timezone.is_aware(value) else value
        case date():
            return value
    return NOT_XML.sub("", cell(value))[:LONGEST_CELL]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 -- 0.2 s that only a process which writes a workbook pays

    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
        for row in rows:
            sheet.append([file_value(value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {"office": "office", "table": "table", "text": "text"}.items()
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest manifest:version="1.2" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPES[ODS]}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def opendocument(sheets: Iterable[Sheet]) -> bytes:
    """Build the minimum that the format requires: a type, a manifest, one table per sheet."""
    tables = "".join(
        f"<table:table table:name={quoteattr(title)}>{''.join(ods_row(row) for row in rows)}</table:table>"
        for title, rows in sheets
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {NAMES} office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", TYPES[ODS], zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)
    return target.getvalue()


def ods_row(row: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(ods_cell(file_value(value)) for value in row)}</table:table-row>"


def ods_cell(value: object) -> str:
    match value:
        case int() | float() | Decimal():
            kind = f'office:value-type="float" office:value="{value}"'
        case datetime():
            kind = f'office:value-type="date" office:date-value="{value:%Y-%m-%dT%H:%M:%S}"'
        case date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case _:
            kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(cell(value))}</text:p></table:table-cell>"
