"""Files of open data: CSV and JSON of a set, JSON of one page; what the page of the sets says of them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from assembly.files.spreadsheets import csv_response
from assembly.fragments.cache import cached_piece, cached_pieces
from assembly.institution.queries import main_assembly
from assembly.open_data.registry import DataColumn, DataSet, DataType, data_sets

CSV_TYPE = "text/csv; charset=utf-8"
LICENCE = "Licence Ouverte 2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


def json_value(column: DataColumn, row: Any) -> Any:
    """Return the value of a row with the types of JSON; days and moments in ISO 8601, moments with their offset."""
    value = column.value_of(row)
    match column.type:
        case DataType.OBJECTS:
            return [json_row(column.columns, each) for each in value]
        case DataType.TEXTS:
            return [str(each) for each in value]
        case DataType.TEXT:
            return "" if value is None else str(value)
        case DataType.FLAG:
            return bool(value)
        case DataType.ADDRESS:
            return absolute_address(str(value)) if value else None
    return scalar_value(value)


def scalar_value(value: Any) -> Any:
    match value:
        case datetime():
            return timezone.localtime(value).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
    return value


def absolute_address(address: str) -> str:
    """Return an address with that of the site, whatever host name the request used."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def json_row(columns: Sequence[DataColumn], row: Any) -> dict[str, Any]:
    return {column.name: json_value(column, row) for column in columns}


def csv_row(columns: Sequence[DataColumn], row: Any) -> list[Any]:
    """Return the same values for a spreadsheet: a list is one text."""
    values = (json_value(column, row) for column in columns)
    return [" ".join(value) if isinstance(value, list) else value for value in values]


def json_bytes(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def source_name() -> str:
    """Return the name to quote as the source."""
    assembly = main_assembly()
    return assembly.name if assembly else ""


def set_data(each: DataSet, rows: Sequence[Any]) -> dict[str, Any]:
    """Return the content of the JSON file of a set; the same rows give the same bytes."""
    changed = last_change(each, rows)
    return {
        "jeu": each.key,
        "titre": str(each.title),
        "source": source_name(),
        "licence": LICENCE,
        "modifie_le": changed.isoformat() if changed else None,
        "nombre": len(rows),
        "lignes": [json_row(each.columns, row) for row in rows],
    }


def last_change(each: DataSet, rows: Iterable[Any]) -> date | None:
    return max((day for row in rows if (day := each.changed_on(row))), default=None)


def json_file(each: DataSet) -> bytes:
    return cached_piece(("open-data", each.key, "json"), lambda: json_bytes(set_data(each, list(each.rows()))))


def csv_file(each: DataSet) -> bytes:
    return cached_piece(("open-data", each.key, "csv"), lambda: make_csv(each))


def make_csv(each: DataSet) -> bytes:
    names = [column.name for column in each.columns]
    return csv_response(each.key, names, (csv_row(each.columns, row) for row in each.rows())).content


def page_file(each: DataSet, reference: str) -> bytes | None:
    """Return the JSON beside the page of a reference; None for what is not public."""
    if each.page is None or (row := each.page.find(reference)) is None:
        return None
    return json_bytes(json_row(each.page_columns, row))


@dataclass(frozen=True)
class SetFacts:
    """What the page says of a set: rows, sizes of its files in bytes, day of the last change."""

    rows: int
    csv_size: int
    json_size: int
    changed_on: date | None


def facts_of_sets() -> list[tuple[DataSet, SetFacts]]:
    """Return the facts of each set, measured on its files."""
    sets = data_sets()
    pieces = {each.key: lambda each=each: measure(each) for each in sets}
    return list(zip(sets, cached_pieces(("open-data", "facts"), pieces), strict=True))


def measure(each: DataSet) -> SetFacts:
    content = json_file(each)
    data = json.loads(content)
    day = data["modifie_le"]
    return SetFacts(data["nombre"], len(csv_file(each)), len(content), date.fromisoformat(day) if day else None)
