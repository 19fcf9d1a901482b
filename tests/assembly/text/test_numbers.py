"""Numbers are read in French, whatever the browser speaks, or refused with a sentence: never guessed."""

import importlib
import pkgutil
import re
from decimal import Decimal

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from assembly.text.numbers import NumberField, WholeNumberField, number_text, parse_number
from assembly.web.forms import StyledForm, StyledModelForm
from mission.registers.declaration import registers
from mission.registers.forms import line_form, row_form
from sessions.models import ExpenseRate
from tests.test_architecture import APPS

READ = {
    "0": "0",
    "1234": "1234",
    "1234,5": "1234.5",
    "1 234,50": "1234.50",
    "1 234,50 €": "1234.50",
    "1\u00a0234,50\u00a0€": "1234.50",
    "1\u202f234,50\u202f€": "1234.50",
    "1\u2009234\u2009567": "1234567",
    "  12 euros ": "12",
    "12,50€": "12.50",
    "12.50": "12.50",  # a group of thousands has three digits: this is no other number
    "12.5": "12.5",
    "1 234.50": "1234.50",
    "-3,5": "-3.5",
    "−3": "-3",
    "-0": "0",
    "007": "7",
}
REFUSED = {
    "1.234": "two_ways",
    "1,234": "two_ways",
    "12,000": "two_ways",
    "1,234.50": "invalid",
    "1.234,50": "invalid",
    "1.234.567": "invalid",
    "12 k€": "invalid",
    "12 $": "invalid",
    "12 %": "invalid",
    "1 2": "invalid",
    "12 34,5": "invalid",
    "1e3": "invalid",
    "1E3": "invalid",
    "1_000": "invalid",
    "+5": "invalid",
    "0x10": "invalid",
    "٣٤": "invalid",
    "１２": "invalid",
    "½": "invalid",
    "NaN": "invalid",
    "inf": "invalid",
    "12\x00": "invalid",
    "1\n2": "invalid",
    "12,": "invalid",
    ",5": "invalid",
    "12.5000": "invalid",
    "douze": "invalid",
    "€": "invalid",
    "9" * 40: "too_large",
}


@pytest.mark.parametrize("text", READ)
def test_what_is_read(text):
    assert parse_number(text, ("€", "euros"), places=2) == Decimal(READ[text])


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused(text):
    with pytest.raises(ValidationError) as refused:
        parse_number(text, ("€", "euros"), places=2)
    assert refused.value.code == REFUSED[text]


def test_both_readings_are_shown():
    with pytest.raises(ValidationError) as refused:
        parse_number("1.234", places=2)
    assert refused.value.messages == ["« 1.234 » se lit de deux façons. Écrivez « 1\u00a0234 » ou « 1,234 »."]


def test_a_rate_with_three_decimals_keeps_its_comma():
    assert parse_number("0,606", places=3) == Decimal("0.606")
    with pytest.raises(ValidationError):
        parse_number("0.606", places=3)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2026, "2026"),
        (Decimal("16000.00"), "16\u00a0000"),
        (Decimal("1234.50"), "1\u00a0234,50"),
        (Decimal("0.606"), "0,606"),
        (0, "0"),
        (Decimal("-12.50"), "-12,50"),
    ],
)
def test_what_a_field_shows(value, shown):
    assert number_text(value) == shown
    assert parse_number(shown, places=3) == value


class Sums(StyledForm):
    amount = NumberField(
        label="Montant, en euros", max_digits=9, decimal_places=2, min_value=Decimal("0.01"), max_value=20_000
    )
    share = NumberField(label="Plafond, en pour cent", decimal_places=0, required=False)
    year = WholeNumberField(label="Année", required=False)
    seats = WholeNumberField(label="Sièges", min_value=1, max_value=2000, required=False)


def test_a_form_reads_and_shows_back():
    form = Sums({"amount": "1\u202f234,5 €", "share": "45 %", "year": "2026", "seats": "1 200"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"amount": Decimal("1234.5"), "share": Decimal(45), "year": 2026, "seats": 1200}
    assert form["amount"].value() == "1\u00a0234,5"
    assert 'type="text"' in str(form["amount"])
    assert 'inputmode="decimal"' in str(form["amount"])
    assert 'inputmode="numeric"' in str(form["year"])


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("amount", "12 k€", "Écrivez un nombre en chiffres, par exemple 1 234,50."),
        ("amount", "0", "Assurez-vous que cette valeur est supérieure ou égale à 0,01."),
        ("amount", "-5", "Assurez-vous que cette valeur est supérieure ou égale à 0,01."),
        ("amount", "25 000", "Assurez-vous que cette valeur est inférieure ou égale à 20\u00a0000."),
        ("amount", "", "Ce champ est vide : écrivez une réponse."),
        ("year", "2026,5", "Écrivez un nombre entier en chiffres, sans virgule ni point."),
        ("year", "12.0", "Écrivez un nombre entier en chiffres, sans virgule ni point."),
        ("year", "1e3", "Écrivez un nombre entier en chiffres, sans virgule ni point."),
        ("year", str(2**63), "Ce nombre est trop grand."),
        ("year", "9" * 400, "Ce nombre est trop grand."),
        ("seats", "1.200", "Écrivez un nombre entier en chiffres, sans virgule ni point."),
        ("seats", "2001", "Assurez-vous que cette valeur est inférieure ou égale à 2000."),
    ],
)
def test_a_form_refuses_with_a_sentence_and_keeps_what_was_typed(field, typed, sentence):
    form = Sums({"amount": "1", field: typed})
    assert form.errors == {field: [sentence]}
    if "k" in typed or "." in typed:
        assert form[field].value() == typed


def test_a_form_of_a_model_reads_the_same():
    class Rate(StyledModelForm):
        class Meta:
            model = ExpenseRate
            fields = ("amount",)

    form = Rate({"amount": "0,606 €"}, instance=ExpenseRate())
    assert form.fields["amount"].clean("0,606") == Decimal("0.606")
    assert 'value="0,606"' in str(Rate(initial={"amount": Decimal("0.606")})["amount"])


def every_form():
    """Return the form classes of the product, including those of registers and their lines."""
    for app in APPS:
        for module in pkgutil.walk_packages([str(settings.BASE_DIR / app)], f"{app}."):
            if re.search(r"\b(forms?|workflow|step_forms|views?)\b", module.name):
                importlib.import_module(module.name)
    kinds = [forms.BaseForm]
    for kind in kinds:
        kinds += [each for each in kind.__subclasses__() if each not in kinds]
    kinds += [row_form(key) for key in registers]
    kinds += [line_form(key, lines.key) for key, each in registers.items() for lines in each.lines]
    return [kind for kind in kinds if kind.__module__.partition(".")[0] in APPS and hasattr(kind, "base_fields")]


def test_no_field_is_read_by_the_browser():
    fields = [(kind, name, field) for kind in every_form() for name, field in kind.base_fields.items()]
    numbers = [each for each in fields if isinstance(each[2], NumberField | WholeNumberField)]
    assert len(numbers) > 50
    wrong = [
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind, name, field in fields
        if isinstance(field.widget, forms.NumberInput)
        or (
            isinstance(field, forms.IntegerField)  # decimals and floats too
            and not isinstance(field, NumberField | WholeNumberField)
            and not field.widget.is_hidden
        )
    ]
    assert wrong == []


def test_no_source_makes_such_a_field():
    """Also those that a form adds when it is made, and inputs that a template or a script writes."""
    wrong = []
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            text = path.read_text()
            if "migrations" not in path.parts and "from django import forms" in text:
                lines = re.findall(r"forms\.(?:Integer|Decimal|Float)Field\([^\n]*|forms\.NumberInput[^\n]*", text)
                wrong += [f"{path}: {line}" for line in lines if "HiddenInput" not in line]
    for folder, suffix in (("templates", "*.html"), ("static/js", "*.js")):
        for path in (settings.BASE_DIR / folder).rglob(suffix):
            if re.search(r"type=[\"']?number|[\"']number[\"'],? *(?:name|id)=", path.read_text()):
                wrong.append(str(path))
    assert wrong == []
