"""Files that people send, honest and hostile: read, refused or explained, never believed."""

import io
import time
import zipfile
from datetime import date, datetime, time as clock, timedelta

import openpyxl
import pytest
from hypothesis import given, settings, strategies as st

from assembly.imports.tables import MOST_ROWS, MOST_UNZIPPED, UnreadableFile, read_table

CSV = "prénom;nom;genre;canton\nAmina;Diallo;F;Auterive\nÉlodie;Barthès;F;Cazères\n"


def workbook(*rows, change=None, macro=False):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    if macro:
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"macro")
    return out.getvalue()


HEADER = ("prénom", "nom", "genre", "canton")
ROW = ("Amina", "Diallo", "F", "Auterive")


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", None), ("utf-8-sig", None), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
def test_encodings_are_read_and_said(encoding, note):
    table = read_table(CSV.encode(encoding))
    assert table.rows[1][1] == ["Élodie", "Barthès", "F", "Cazères"]
    assert any(note in words for words in table.notes) if note else not table.notes


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiters_and_line_ends(delimiter):
    for end in ("\n", "\r\n", "\r"):
        table = read_table(CSV.replace(";", delimiter).replace("\n", end).encode())
        assert [line for line, _cells in table.rows] == [2, 3]


def test_a_workbook_gives_its_sheets_with_the_lines_of_the_screen():
    content = workbook(
        HEADER, ROW, (None,) * 4, ("Rosa", "Vidal", "F", 1), change=lambda book: book.create_sheet("Autre")
    )
    table = read_table(content)
    assert [line for line, _cells in table.rows] == [2, 4]
    assert table.rows[1][1][3] == "1"
    assert table.notes == []


REFUSED = {
    "empty": (b"", "vide"),
    "blank": (b" \n\r\n ", "vide"),
    "only empty cells": (b";;;\n;;;\n", "vide"),
    "header alone": ("prénom;nom\n".encode(), "aucune ligne"),
    "50 MB": (b"nom;canton\n" + b"a;b\n" * 13_000_000, "5 Mo"),
    "NUL bytes": (b"nom;canton\nDia\x00llo;1\n", "nuls"),
    "UTF-16 without its mark": (CSV.encode("utf-16-le"), "nuls"),
    "odd UTF-16": (CSV.encode("utf-16") + b"\x01", "abîmé"),
    "no encoding": (b"nom;canton\n\x81\x8d\x8f;1\n", "encodage"),
    "one column": (b"nom\nDiallo\n", "une colonne"),
    "open quote": (b'nom;canton\n"Diallo;1\n' + b"x" * 200_000, "ligne 2"),
    "more cells than headers": (b"nom;canton\nDiallo;1;2\n", "plus de cases"),
    "too many lines": (b"nom;canton\n" + b"a;1\n" * (MOST_ROWS + 1), "lignes"),
    "too many columns": (b";".join(b"c%d" % n for n in range(80)) + b"\n" + b";" * 79 + b"x\n", "colonnes"),
    "a web page": (b"<!DOCTYPE html><table>", "pas un tableau"),
    "a PDF": (b"%PDF-1.7 ;;;", "pas un tableau"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien classeur"),
    "a cut workbook": (workbook(HEADER, ROW)[:900], "abîmé"),
    "a workbook with macros": (workbook(HEADER, ROW, macro=True), "macros"),
    "an empty workbook": (workbook(), "vide"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(name):
    content, word = REFUSED[name]
    start = time.process_time()
    with pytest.raises(UnreadableFile, match=word):
        read_table(content)
    assert time.process_time() - start < 3


def moment(hour=0, minute=0, second=0, microsecond=0):
    return datetime(2026, 12, 5, hour, minute, second, microsecond)  # noqa: DTZ001 -- cells have no zone


SHOWN = [
    (moment(14, 30), "", "05/12/2026 14:30"),
    (moment(14, 29, 59, 999_900), "", "05/12/2026 14:30"),  # what a fraction of a day makes of 14:30
    (moment(14, 30, 15), "", "05/12/2026 14:30:15"),
    (moment(), "dd/mm/yyyy", "05/12/2026"),
    (moment(), "dd/mm/yyyy hh:mm", "05/12/2026 00:00"),
    (moment(), '[$-fr-CH]d mmmm yyyy "heure"', "05/12/2026"),
    (date(2026, 12, 5), "", "05/12/2026"),
    (clock(9, 5), "hh:mm", "09:05"),
    (timedelta(hours=26, minutes=30), "[h]:mm", "26:30"),
    (1234.5, "General", "1234,5"),
    (1234.0, "0.00", "1234"),
    (0.1 + 0.2, "General", "0,3"),
    (0.606, "General", "0,606"),
    (0.45, "0%", "45 %"),
    (0.455, "0.0%", "45,5 %"),
    (31_000, "General", "31000"),
    (True, "General", "oui"),
    (False, "General", "non"),
]


@pytest.mark.parametrize(("value", "number_format", "text"), SHOWN)
def test_a_cell_is_read_as_it_shows(value, number_format, text):
    def write(book):
        cell = book.active["A2"]
        cell.value = value
        if number_format:
            cell.number_format = number_format

    table = read_table(workbook(("valeur", "autre"), ("x", "y"), change=write))
    assert table.rows[0][1][0] == text


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_unfolds():
    bomb = zipped(**{"xl__workbook.xml": b"<a/>", "xl__worksheets__sheet1.xml": b" " * (MOST_UNZIPPED + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableFile, match="trop grand"):
        read_table(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused():
    honest = zipped(**{"xl__workbook.xml": b"<a/>", "xl__worksheets__sheet1.xml": b" " * 40_000_000})
    at = honest.rindex(b"PK\x01\x02")
    lying = honest[: at + 24] + (1000).to_bytes(4, "little") + honest[at + 28 :]
    with pytest.raises(UnreadableFile):
        read_table(lying)


def test_entities_are_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    with pytest.raises(UnreadableFile, match="refusons"):
        read_table(zipped(**{"xl__workbook.xml": laughs}))


def test_an_archive_of_something_else_is_refused():
    with pytest.raises(UnreadableFile, match="xlsx"):
        read_table(zipped(**{"word__document.xml": b"<a/>"}))


def test_formulas_are_pointed_at_not_computed():
    table = read_table(workbook(HEADER, ("=1+1", "Diallo", "F", '=HYPERLINK("http://x")')))
    assert table.formulas == {(2, 0), (2, 3)}
    assert read_table(CSV.replace("Amina", "=cmd|'/c calc'!A0").encode()).formulas == {(2, 0)}


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(str.encode)))
def test_any_bytes_give_a_table_or_a_sentence(content):
    try:
        table = read_table(content)
    except UnreadableFile as refused:
        assert refused.message.endswith(".")  # noqa: PT017 -- either outcome is right, neither is expected
    else:
        assert all(len(cells) == len(table.header) for _line, cells in table.rows)
