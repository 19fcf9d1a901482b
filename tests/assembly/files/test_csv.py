from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from assembly.files.sheets import cell
from assembly.files.spreadsheets import csv_response


@pytest.mark.parametrize("text", ["=1+1", "+33612", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "|cmd", "%0A"])
def test_a_text_that_would_run_gets_a_quote(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "oui"),
        (False, "non"),
        (-3, "-3"),
        (2.5, "2,5"),
        (Decimal("-1.20"), "-1,20"),
        (date(2026, 3, 28), "2026-03-28"),
        (datetime(2026, 3, 28, 8, 30, tzinfo=UTC), "2026-03-28 09:30:00"),
        ("Barthès ; Jean", "Barthès ; Jean"),
    ],
)
def test_values_as_a_french_spreadsheet_reads_them(value, written):
    assert cell(value) == written


def test_the_file_opens_in_a_spreadsheet():
    response = csv_response("Liste des membres", ["Nom", "Âge"], [["Élie; B", 40], ["=x", None]])
    assert response.content.decode() == '\ufeffNom;Âge\r\n"Élie; B";40\r\n\'=x;\r\n'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="liste-des-membres-20')
