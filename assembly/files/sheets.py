"""Sheets of a workbook before its format: headings with the kind of their values, rows, values that programs read.

A number, a day and a moment stay what they are; a text never runs as a formula (`cell`) and comes back as it was
(`without_apostrophe`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from itertools import chain, islice

from django.utils import timezone

from assembly.text.numbers import EURO, units_of

LONGEST_CELL = 32_000  # what a cell of these formats holds
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
RUNS = re.compile(r"'*[=+\-@\t\r\n|%]")  # the beginning of a formula, or of one that has apostrophes in front already
SAMPLE = 200  # rows that decide the widths
NARROWEST, WIDEST, WIDEST_HEADING = 9, 50, 24  # in characters


class Kind(Enum):
    """Kind of the values of a column, which decides how a spreadsheet shows and reads them."""

    GENERAL = auto()
    TEXT = auto()
    INTEGER = auto()
    NUMBER = auto()
    EUROS = auto()
    PERCENT = auto()
    DAY = auto()
    MOMENT = auto()


@dataclass(frozen=True)
class Heading:
    """Heading of a column. `choices`: the values offered in its cells; `is_required`: it is marked."""

    label: str
    declared: Kind = Kind.GENERAL
    choices: Sequence[str] = ()
    is_required: bool = False

    @property
    def kind(self) -> Kind:
        """Return the declared kind, else that of the unit at the end of the label."""
        units = units_of(self.label) if self.declared in (Kind.GENERAL, Kind.INTEGER, Kind.NUMBER) else ()
        return Kind.EUROS if units == EURO else Kind.PERCENT if "%" in units else self.declared

    @property
    def text(self) -> str:
        """Return the label as a file has it."""
        return f"{cell(self.label)} *" if self.is_required else cell(self.label)

    def kind_of(self, value: object) -> Kind:
        """Return the kind of one value, which may be another than that of its column."""
        match value:
            case bool() | None:
                return self.kind
            case int() | float() | Decimal():
                measured = self.kind if self.kind in (Kind.EUROS, Kind.PERCENT) else None
                return measured or (Kind.INTEGER if isinstance(value, int) else Kind.NUMBER)
            case datetime():
                return Kind.MOMENT
            case date():
                return Kind.DAY
        return Kind.TEXT if self.kind == Kind.TEXT else Kind.GENERAL


@dataclass(frozen=True)
class Worksheet:
    """Worksheet of a workbook. Without headings it holds sentences."""

    title: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[object]]

    def measured(self) -> tuple[list[int], Iterator[list[object]]]:
        """Return the widths of the columns in characters, by heading and first rows, and the values of all rows."""
        rows = ([file_value(value) for value in row] for row in self.rows)
        sample = list(islice(rows, SAMPLE))
        widths = [
            max(NARROWEST, min(WIDEST_HEADING, len(heading.label) + 4), *(shown_width(row[at]) for row in sample))
            for at, heading in enumerate(self.headings)
        ]
        return widths or [100], chain(sample, rows)


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
    return f"'{text}" if RUNS.match(text) else text


def without_apostrophe(text: str) -> str:
    """Return the text of a cell without the apostrophe that `cell` put in front."""
    return text[1:] if text.startswith("'") and RUNS.match(text) else text


def file_value(value: object) -> object:
    """Return a number or a day as it is, anything else as a text that no program runs."""
    match value:
        case bool() | None:
            return cell(value)
        case int() if abs(value) >= 2**53:  # a spreadsheet would round it
            return str(value)
        case int() | float() | Decimal():
            return value
        case date() if value.year < 1900:  # a workbook counts its days from there
            return cell(value)
        case datetime():
            return timezone.make_naive(value) if timezone.is_aware(value) else value
        case date():
            return value
    return NOT_XML.sub("", cell(value))[:LONGEST_CELL]


def shown_width(value: object) -> int:
    """Return about how many characters a value takes, at most `WIDEST`."""
    match value:
        case int() | float() | Decimal():
            return min(len(f"{value:,.2f}") + 3, WIDEST)
        case datetime():
            return 18
        case date():
            return 12
    return min(max(map(len, str(value).splitlines()), default=0) + 2, WIDEST)
