"""Cells of a file of members, as people write them: cleaned, or refused with a sentence."""

import pytest
from hypothesis import given, settings, strategies as st

from assembly.imports.cells import InvalidCell, folded_text
from assembly.imports.plan import read_header
from members.imports import COLUMNS, needs, phone, postcode, seat_cell, year


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_cell_is_cleaned_or_refused_with_a_sentence(text):
    for column in COLUMNS:
        try:
            column.clean(text)
        except InvalidCell as refused:
            assert str(refused).endswith(".")  # noqa: PT017 -- either outcome is right, neither is expected


def test_what_people_write():
    assert [phone("06.39.98.00.01"), phone("639980001"), phone("+33639980001"), phone("")] == [
        "06 39 98 00 01", "06 39 98 00 01", "+33639980001", "",
    ]  # fmt: skip
    assert [year("1968"), year("03/05/1968"), year("")] == [1968, 1968, None]
    assert [postcode("31 000"), postcode("9000"), postcode("")] == ["31000", "09000", ""]
    assert [seat_cell("f1"), seat_cell("F 2"), seat_cell("suppléante"), seat_cell("")] == ["F1", "F2", "S", ""]
    assert needs("LSF | Garde d’enfants : deux enfants") == [["sign_language", ""], ["childcare", "deux enfants"]]
    assert [folded_text("  Saint-Gaudens "), folded_text("TOULOUSE‑1"), folded_text("L’Œil")] == [
        "saint gaudens",
        "toulouse 1",
        "l oeil",
    ]
    for bad in ("diabète", "autisme"):
        with pytest.raises(InvalidCell, match="diagnostic"):
            needs(bad)
    assert read_header(["E-mail"], COLUMNS)[0][0].key == "email"


def test_a_year_of_birth_may_be_a_day():
    assert year("14/03/1968 00:00") == 1968
    with pytest.raises(InvalidCell):
        year("14/03/1968 08:00")
