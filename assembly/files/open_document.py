"""OpenDocument files: XML elements of the format, and a spreadsheet of rows with typed cells.

A number is a number and a day is a day; a text is a text and never runs as a formula, whatever it begins with.
Importing this module costs 0.4 s (`odfdo`): code that makes a file imports it, nothing does at start.
"""

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from odfdo import Document, Element

WIDTHS = {"Large": "8cm", "Etroite": "4cm"}
WEIGHTS = {"Tete": "bold", "Case": "normal"}


def el(tag: str, attrs: Mapping[str, Any] | None = None, *children: Any) -> Any:
    """Build an element of the format; children are elements or texts."""
    element = Element.from_tag(tag)
    for name, value in (attrs or {}).items():
        element.set_attribute(name, str(value))
    for child in children:
        element.append(child)
    return element


def spreadsheet(
    title: str, sheet: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, wide: Collection[int] = ()
) -> bytes:
    """Build one sheet under a bold head; `wide` gives the indexes of the columns that hold sentences."""
    document = Document("spreadsheet")
    document.meta.title, document.meta.language = title, "fr-FR"
    document.body.clear()
    for name, width in WIDTHS.items():
        columns = el("style:table-column-properties", {"style:column-width": width})
        document.insert_style(
            el("style:style", {"style:family": "table-column", "style:name": name}, columns), automatic=True
        )
    for name, weight in WEIGHTS.items():
        wraps = el("style:table-cell-properties", {"fo:wrap-option": "wrap", "style:vertical-align": "top"})
        bold = el("style:text-properties", {"fo:font-weight": weight})
        document.insert_style(
            el("style:style", {"style:family": "table-cell", "style:name": name}, wraps, bold), automatic=True
        )
    table = el("table:table", {"table:name": sheet})
    for place in range(len(head)):
        table.append(el("table:table-column", {"table:style-name": "Large" if place in wide else "Etroite"}))
    table.append(el("table:table-row", None, *(table_cell(label, "Tete") for label in head)))
    for row in rows:
        table.append(el("table:table-row", None, *(table_cell(value, "Case") for value in row)))
    document.body.append(table)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def table_cell(value: object, style: str) -> Any:
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    kind, shown = kind_of(value)
    lines = [el("text:p", None, line) for line in shown.splitlines()]
    return el("table:table-cell", {**kind, "table:style-name": style}, *lines)


def kind_of(value: object) -> tuple[dict[str, str], str]:
    """Return the attributes for the type of a value, and the text shown where the program formats none itself."""
    match value:
        case None:
            return {"office:value-type": "string"}, ""
        case bool():
            return {"office:value-type": "string"}, "oui" if value else "non"
        case int() | Decimal() | float():
            return {"office:value-type": "float", "office:value": str(value)}, str(value).replace(".", ",")
        case datetime():
            return {"office:value-type": "date", "office:date-value": f"{value:%Y-%m-%dT%H:%M:%S}"}, str(value)
        case date():
            return {"office:value-type": "date", "office:date-value": value.isoformat()}, f"{value:%d/%m/%Y}"
    return {"office:value-type": "string"}, str(value)
