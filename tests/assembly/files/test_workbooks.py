"""A workbook as a person wants it: bold, frozen, filtered headings, widths, formats; memory does not grow."""

import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import odfdo
import pytest
from hypothesis import given, strategies as st
from openpyxl import load_workbook

from assembly.files.open_document import opendocument
from assembly.files.sheets import Heading, Kind, Worksheet, cell, without_apostrophe
from assembly.files.spreadsheets import workbook

HEADINGS = [
    Heading("Nom", Kind.TEXT),
    Heading("SIRET", Kind.TEXT),
    Heading("Prévu, en euros", Kind.NUMBER),
    Heading("Part, en pour cent", Kind.INTEGER),
    Heading("Année", Kind.INTEGER),
    Heading("Le", Kind.DAY),
    Heading("Début", Kind.MOMENT),
    Heading("Notes"),
]
ROW = [
    "=1+1",
    "00012345678901",
    Decimal("1234.50"),
    45,
    2026,
    date(2026, 3, 28),
    datetime(2026, 3, 28, 8, 30, tzinfo=UTC),
    "Deux  espaces\net une ligne. " * 9,
]


def sheet(rows=(ROW,), title="Liste"):
    return Worksheet(title, HEADINGS, rows)


def test_the_heading_row_is_bold_in_sight_and_filters():
    page = load_workbook(io.BytesIO(workbook([sheet()]))).worksheets[0]
    assert [each.value for each in page[1]] == [heading.label for heading in HEADINGS]
    assert all(each.font.bold for each in page[1])
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("A2", "A1:H2", "$1:$1")
    widths = [page.column_dimensions[letter].width for letter in "ABCDEFGH"]
    assert widths == [9, 16, 19, 22, 11, 12, 18, 29]


def test_values_have_the_type_and_the_format_of_their_column():
    row = load_workbook(io.BytesIO(workbook([sheet()]))).worksheets[0][2]
    assert [(each.value, each.number_format) for each in row[:7]] == [
        ("'=1+1", "@"),
        ("00012345678901", "@"),
        (1234.5, '#,##0.00\\ "€"'),
        (0.45, "0\\ %"),
        (2026, "0"),
        (datetime(2026, 3, 28), "dd/mm/yyyy"),  # noqa: DTZ001 -- cells have no zone
        (datetime(2026, 3, 28, 9, 30), "dd/mm/yyyy\\ hh:mm"),  # noqa: DTZ001 -- cells have no zone
    ]
    assert row[7].value == ROW[7]
    assert row[7].alignment.wrap_text
    assert {each.data_type for each in row} == {"s", "n", "d"}


def test_an_open_document_holds_the_same_values():
    content = opendocument([sheet(), sheet(title='d’autres l\'an "2"')])
    tables = odfdo.Document(io.BytesIO(content)).body.tables
    assert [table.name for table in tables] == ["Liste", 'd’autres l\'an "2"']
    cells = list(tables[0].get_row(1).cells)
    assert [each.type for each in cells] == [
        "string",
        "string",
        "float",
        "percentage",
        "float",
        "date",
        "date",
        "string",
    ]
    assert [each.value for each in cells[1:5]] == ["00012345678901", Decimal("1234.50"), Decimal("0.45"), 2026]
    assert "\n".join(part.text_recursive for part in cells[7].paragraphs) == ROW[7]


@given(st.text("'=+-@%|\t\n a1é"))
def test_a_text_comes_back_without_the_apostrophe_that_it_was_given(text):
    assert without_apostrophe(cell(text)) == text
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\n", "|", "%"))


@pytest.mark.parametrize("make", [workbook, opendocument])
def test_memory_does_not_grow_with_the_rows(make):
    """A row is gone once it is written; what stays is the compressed file."""

    def peak(rows):
        tracemalloc.start()
        size = len(make([sheet(ROW for _n in range(rows))]))
        most = tracemalloc.get_traced_memory()[1] - 3 * size
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(4000) < peak(400) + 500_000
