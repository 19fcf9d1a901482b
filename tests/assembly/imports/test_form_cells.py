"""Cells as somebody would type them: no hour is made up, none is dropped, numbers go to the field as they are."""

from decimal import Decimal

import pytest
from django import forms

from assembly.imports.cells import InvalidCell, company_number, form_value, postcode_text
from assembly.text.numbers import NumberField, WholeNumberField
from assembly.web.forms import TagsField

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


@pytest.mark.parametrize("text", ["demain", "05/12/2026 14", "45996,6"])
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


def test_an_hour_is_no_moment():
    with pytest.raises(InvalidCell, match="Le jour manque"):
        form_value(forms.DateTimeField(), "14 h", {})


DAYS = {
    "3/12/2026": "2026-12-03",
    "03.12.26": "2026-12-03",
    "3-12-2026": "2026-12-03",
    "3 décembre 2026": "2026-12-03",
    "1er février 2027": "2027-02-01",
    "jeudi 3 déc. 2026": "2026-12-03",
    "Jeudi\u00a03\u00a0Décembre 2026": "2026-12-03",
    "jeu. 03/12/2026": "2026-12-03",
    "le 3 août 2026": "2026-08-03",
    "2026/12/03": "2026-12-03",
    "29/02/2028": "2028-02-29",
}


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_as_it_is_written_in_french(text):
    assert form_value(forms.DateField(), text, {}) == DAYS[text]
    hours = {"17h": "17:00:00", "14 h 00": "14:00:00", "9:30": "09:30:00", "8h05": "08:05:00"}
    for hour, iso in hours.items():
        assert form_value(forms.DateTimeField(), f"{text} à {hour}", {}) == f"{DAYS[text]}T{iso}"


@pytest.mark.parametrize("text", ["31/02/2027", "0/1/2026", "12/13/2026", "lundi 3 décembre 2026", "3 jui 2026"])
def test_a_day_that_is_not_in_the_calendar_is_refused(text):
    with pytest.raises(InvalidCell):
        form_value(forms.DateField(), text, {})


@pytest.mark.parametrize("text", ["3 décembre", "décembre 2026", "46359", "3/12", "12.2026", "3.12/2026"])
def test_no_year_and_no_day_is_invented(text):
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean(form_value(forms.DateField(), text, {}))


def test_an_hour_alone_has_its_field():
    texts = ["17h", "14 h 00", "9:30", "17 heures", "8 h 05 min"]
    assert [form_value(forms.TimeField(), text, {}) for text in texts] == [
        "17:00:00", "14:00:00", "09:30:00", "17:00:00", "08:05:00",
    ]  # fmt: skip
    for text in ("25 h", "10:61"):
        with pytest.raises(InvalidCell):
            form_value(forms.TimeField(), text, {})


AMOUNTS = {
    "12 450,00 €": "12450.00",
    "12\u202f450,00\u00a0€": "12450.00",
    "12.450,00": "12450.00",
    "12,450.00 EUR": "12450.00",
    "12450.00": "12450.00",
    "12450": "12450",
    "1.234.567": "1234567",
    "12 450 € TTC": "12450",
    "-3,5": "-3.5",
}


@pytest.mark.parametrize("text", AMOUNTS)
def test_an_amount_is_read_as_it_is_written(text):
    field = NumberField(label="Plafond, en euros", decimal_places=2, max_digits=12)
    assert field.clean(form_value(field, text, {})) == Decimal(AMOUNTS[text])


@pytest.mark.parametrize("text", ["12.450", "12,450", "12 k€", "environ 12", "12.450.00", "1,23,456"])
def test_an_amount_with_two_readings_is_refused(text):
    field = NumberField(label="Plafond, en euros", decimal_places=2, max_digits=12)
    with pytest.raises(forms.ValidationError):
        field.clean(form_value(field, text, {}))


def test_a_share_may_have_its_sign():
    field = WholeNumberField(label="Temps de travail, en %")
    assert [field.clean(form_value(field, text, {})) for text in ("80 %", "80", "80\u00a0%")] == [80, 80, 80]


def test_yes_and_no():
    field = forms.BooleanField(required=False)
    assert [form_value(field, text, {}) for text in ("Oui", "x", "VRAI", "Non", "0")] == ["on", "on", "on", "", ""]
    with pytest.raises(InvalidCell, match="oui ou non"):
        form_value(field, "peut-être", {})


def test_a_choice_is_known_by_the_beginning_of_its_label():
    field = forms.ChoiceField(choices=[("a", "État et opérateurs"), ("b", "Réseau"), ("c", "Réseau de villes")])
    choices = {"etat et operateurs": "a", "reseau": "b", "reseau de villes": "c"}
    texts = ["état", "ÉTAT ET OPÉRATEURS", "réseau", "reseau de", "c", "villes réseau de", "ville"]
    assert [form_value(field, text, choices) for text in texts] == ["a", "a", "b", "c", "c", "c", "c"]
    for text in ("rés", "eau", "?"):
        with pytest.raises(InvalidCell, match="choix"):
            form_value(field, text, choices)


def test_numbers_that_a_spreadsheet_shortened():
    phone, siret = forms.CharField(label="Téléphone"), forms.CharField(label="Numéro SIRET")
    texts = ["561234567", "05.61.23.45.67", "+33 5 61 23 45 67", "poste 12"]
    assert [form_value(phone, text, {}) for text in texts] == [
        "05 61 23 45 67", "05 61 23 45 67", "+33561234567", "poste 12",
    ]  # fmt: skip
    assert form_value(siret, "213 105 554 00017", {}) == "21310555400017"


def test_several_themes():
    assert TagsField().clean(form_value(TagsField(), "Eau ; Logement;eau", {})) == ["eau", "logement"]
    several = forms.MultipleChoiceField(choices=[("a", "Eau"), ("b", "Logement")])
    assert form_value(several, "logement ; eau", {"eau": "a", "logement": "b"}) == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("552 013 500 012", 14, "00552013500012"),
        ("552 013 500 013", 14, "552013500013"),
        ("552 120 222 00013", 14, "55212022200013"),
        ("35600000000048", 14, "35600000000048"),  # La Poste
        ("5520135", 9, "005520135"),
        ("5520136", 9, "5520136"),
        ("abc", 9, "abc"),
    ],
)
def test_a_company_number_gets_zeros_back_only_where_its_key_proves_them(text, length, expected):
    assert company_number(text, length) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("9100", "09100"), ("31 000", "31000"), ("310", "310"), ("Foix", "Foix")]
)
def test_a_postcode_gets_its_zero_back(text, expected):
    assert postcode_text(text) == expected
