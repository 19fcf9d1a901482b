"""Cells as somebody would type them: no hour is made up, none is dropped, numbers go to the field as they are."""

import pytest
from django import forms

from assembly.imports.form_rows import form_value
from assembly.imports.plan import InvalidCell
from assembly.text.numbers import NumberField

MOMENTS = {
    "05/12/2026 14:30": "2026-12-05T14:30:00",
    "5/12/2026 9:05": "2026-12-05T09:05:00",
    "05/12/2026 à 14 h 30": "2026-12-05T14:30:00",
    "05/12/2026 à 14\u00a0h\u00a030": "2026-12-05T14:30:00",
    "05/12/2026 14h": "2026-12-05T14:00:00",
    "2026-12-05 14:30:15": "2026-12-05T14:30:15",
    "2026-12-05T14:30": "2026-12-05T14:30:00",
    "05/12/2026 00:00": "2026-12-05T00:00:00",
}


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_keeps_its_hour(text):
    assert form_value(forms.DateTimeField(), text, {}) == MOMENTS[text]


@pytest.mark.parametrize("text", ["05/12/2026", "2026-12-05"])
def test_a_day_is_no_moment(text):
    with pytest.raises(InvalidCell, match="L’heure manque"):
        form_value(forms.DateTimeField(), text, {})


@pytest.mark.parametrize("text", ["demain", "14:30", "05/12/2026 14", "45996,6"])
def test_what_is_no_moment_is_left_to_the_form(text):
    assert form_value(forms.DateTimeField(), text, {}) == text
    with pytest.raises(forms.ValidationError):
        forms.DateTimeField().clean(text)


@pytest.mark.parametrize("text", ["05/12/2026", "2026-12-05", "05/12/2026 00:00", "2026-12-05 00:00:00"])
def test_a_day_may_carry_the_midnight_that_programs_write(text):
    assert form_value(forms.DateField(), text, {}) == "2026-12-05"


def test_a_day_with_an_hour_is_refused():
    with pytest.raises(InvalidCell, match="porte une heure"):
        form_value(forms.DateField(), "05/12/2026 14:30", {})


def test_a_number_goes_to_its_field_as_it_is_written():
    assert form_value(NumberField(), "1.234", {}) == "1.234"
