"""Workbooks as programs and people make them: sheets, merged cells, formulas, days of 1904, a million empty rows."""

import io
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import MAC_EPOCH

from assembly.imports.columns import guess_columns, table_of
from assembly.imports.plan import ImportColumn, ImportPlan
from assembly.imports.tables import MOST_CELL, UnreadableFile, read_sheets

NAME = ImportColumn("name", "Nom", required=True)
CEILING = ImportColumn("ceiling", "Plafond, en euros")
MAIL = ImportColumn("email", "Courriel")
FIELDS = [NAME, CEILING, MAIL]


def book_of(*rows, change=None, epoch=None):
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content, part, change):
    """Return the workbook with one part changed, as another program would write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            text = source.read(entry)
            target.writestr(entry.filename, change(text.decode()).encode() if entry.filename == part else text)
    return out.getvalue()


def table(content, columns=FIELDS, most=500):
    sheets, notes = read_sheets(content, most)
    found = table_of(guess_columns(sheets[0], columns, {}), most)
    return found, notes


def texts(content, **more):
    found, _notes = table(content, **more)
    return [[cells[index] for index in sorted(found.places)] for _line, cells in found.rows]


def test_a_title_and_merged_cells_stand_above_the_header():
    def merge(book):
        book.active.merge_cells("A1:C1")
        book.active.merge_cells("A5:C5")
        book.active.merge_cells("A6:A7")

    content = book_of(
        ("Marchés de la mission",),
        ("Mis à jour le 12/11",),
        (),
        ("Nom", "Plafond (€)", "Mail"),
        ("Première partie",),
        ("Un", 10, "a@exemple.fr"),
        (None, 20, "b@exemple.fr"),
        change=merge,
    )
    found, _notes = table(content)
    assert found.header == ["Nom", "Plafond (€)", "Mail"]
    assert texts(content) == [["Un", "10", "a@exemple.fr"], ["Un", "20", "b@exemple.fr"]]
    assert [(line, cells[0]) for line, cells, _why in found.left_out] == [(5, "Première partie")]
    assert found.notes == ["L’en-tête est à la ligne 4 : rien n’est lu au-dessus."]


def test_a_second_header_and_totals_are_no_lines():
    content = book_of(
        ("Nom", "Plafond"), ("Un", 10), ("Sous-total", 10), ("Nom", "Plafond"),
        ("Total Énergies", "20 €"), ("TOTAL", 30), ("Total", "vu"),
    )  # fmt: skip
    found, _notes = table(content)
    assert [cells[0] for _line, cells in found.rows] == ["Un", "Total"]
    assert [cells[0] for _line, cells, _why in found.left_out] == ["Sous-total", "Total Énergies", "TOTAL"]
    assert "La ligne 4 répète l’en-tête : elle n’est pas lue." in found.notes


def test_hidden_sheets_are_not_read_and_said():
    def hide(book):
        for name, state in (("Ancien", "hidden"), ("Secret", "veryHidden"), ("Vide", "visible"), ("2025", "visible")):
            sheet = book.create_sheet(name)
            sheet.sheet_state = state
            for row in (("Nom", "Mail"), ("x", "y")) if name != "Vide" else ():
                sheet.append(row)

    sheets, notes = read_sheets(book_of(("Nom", "Mail"), ("a", "b"), change=hide))
    assert [sheet.title for sheet in sheets] == ["Sheet", "2025"]
    assert notes == ["Feuilles masquées, non lues : « Ancien », « Secret »."]


def test_days_of_1904_and_hours_of_a_moment():
    moment = datetime(2026, 12, 3, 17, 30)  # noqa: DTZ001 -- cells have no zone
    rows = (("Nom", "Mail"), ("Un", moment), ("Deux", date(2026, 12, 4)))
    assert texts(book_of(*rows, epoch=MAC_EPOCH)) == [["Un", "03/12/2026 17:30"], ["Deux", "04/12/2026"]]


def test_the_result_of_a_formula_is_read_never_the_formula():
    content = book_of(("Nom", "Mail"), ('=HYPERLINK("http://exemple.fr","Réseau")', "a@exemple.fr"), ("=A1", "b"))
    saved = rewritten(
        content,
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(
            r'(<c r="A2")([^>]*>)(<f>[^<]*</f>)(?:<v ?/>|<v></v>)', r'\1 t="str"\2\3<v>Réseau</v>', text
        ),
    )
    found, _notes = table(saved)
    assert found.rows[0][1][0] == "Réseau"
    assert found.formulas == {(3, 0)}
    plan = ImportPlan(found, FIELDS)
    plan.add_lines(lambda line, data: data | {"plan": "create"})
    assert [row["name"] for row in plan.rows] == ["Réseau"]
    assert "formule" in plan.errors[0]["message"]


def test_a_million_empty_formatted_rows_are_not_read():
    empty = "".join(
        f'<row r="{line}" s="1" customFormat="1"><c r="A{line}" s="1"/></row>' for line in range(4, 200_000)
    )
    content = rewritten(
        book_of(("Nom", "Mail"), ("Un", "a@exemple.fr")),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("</sheetData>", f"{empty}</sheetData>"),
    )
    assert texts(content) == [["Un", "a@exemple.fr"]]


def test_a_cell_of_forty_thousand_characters_refuses_its_line():
    found, _notes = table(book_of(("Nom", "Mail"), ("x" * 32_000, "a"), ("Deux", "b")))
    plan = ImportPlan(found, FIELDS)
    plan.add_lines(lambda line, data: data | {"plan": "create"})
    assert [row["name"] for row in plan.rows] == ["Deux"]
    assert plan.errors[0]["message"] == f"Cette case est beaucoup trop longue : {MOST_CELL} signes au plus."
    csv = f"Nom;Mail\n{'x' * 40_000};a\nDeux;b\n".encode()
    assert len(table(csv)[0].rows) == 2


def test_thirty_thousand_lines_are_refused_with_a_sentence():
    with pytest.raises(UnreadableFile, match="plus de 20000 lignes"):
        read_sheets(b"Nom;Mail\n" + b"a;b\n" * 30_000)


def columns_of(header, *rows, columns=FIELDS, remembered=()):
    sheets, _notes = read_sheets(book_of(header, *rows))
    return guess_columns(sheets[0], columns, dict(remembered))


def test_a_column_is_known_by_label_synonym_and_content():
    fields = [*FIELDS, ImportColumn("start", "Début"), ImportColumn("phone", "Téléphone")]
    found = columns_of(
        ("Intitulé", "Montant max", "E-mail", "Date de début", "Tél.", "", "Divers"),
        ("Un", 1, "a@exemple.fr", "3/12", "05", "x", "y"),
        columns=fields,
    )
    assert [column.key for column in found.columns] == ["name", "ceiling", "email", "start", "phone", "", ""]
    assert found.columns[5].label == "Colonne F, sans titre"
    assert not found.is_sure(fields)


def test_two_columns_of_one_field_are_both_shown():
    found = columns_of(("Nom", "Mail", "Courriel 2", "E-mail"), ("Un", "a@b.fr", "", "c@d.fr"))
    assert [column.key for column in found.columns] == ["name", "email", "", "email"]
    assert found.twice() == {"email"}


def test_a_choice_comes_before_every_guess():
    found = columns_of(("Nom", "Mail", "Notes"), ("Un", "a", "b"), remembered={"mail": "", "notes": "email"}.items())
    assert [column.key for column in found.columns] == ["name", "", "email"]
    assert found.is_sure(FIELDS)
