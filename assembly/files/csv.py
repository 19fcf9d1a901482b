"""CSV files that a spreadsheet opens: `;`, a byte order mark, ISO 8601 dates, and no cell that runs as a formula.

Views pass dates and moments, never sentences: a spreadsheet sorts `2026-03-28 09:30:00` and a program parses it.

The file is written whole and not streamed: under ASGI a synchronous stream is read to its end before the first byte is
sent anyway.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

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
