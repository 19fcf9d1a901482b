"""Numbers in French notation: one parser for every form and every file.

A browser’s own number field parses by the language of the browser: « 1 234,50 € » becomes 123450 in an English one. So
fields are text boxes, this module parses them, and they show the number that was understood.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.text.french import NBSP, format_number

LARGEST = 2**31 - 1  # what a column of whole numbers holds
MOST_DIGITS = 30
NUMBER_PATTERN = re.compile(r"([-−]?)(\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d+)(?:([,.])(\d+))?", re.ASCII)
EURO = ("€", "euros", "euro", "eur")
# Units allowed after a number, by the end of its label: a number with another unit is refused.
UNITS = {
    "en euros": EURO,
    "en pour cent": ("%",),
    "en %": ("%",),
    "en heures": ("heures", "heure", "h"),
    "en jours": ("jours", "jour", "j"),
    "en mois": ("mois",),
    "en minutes": ("minutes", "minute", "min"),
}
REFUSALS: dict[str, Any] = {
    "invalid": _("Écrivez un nombre en chiffres, par exemple 1 234,50."),
    "whole": _("Écrivez un nombre entier en chiffres, sans virgule ni point."),
    "two_ways": _("« %(text)s » se lit de deux façons. Écrivez « %(whole)s » ou « %(part)s »."),
    "too_large": _("Ce nombre est trop grand."),
}


def units_of(label: str) -> tuple[str, ...]:
    """Return the units that a label names at its end, its sign first: « % » of « Part, en pour cent »."""
    label = label.casefold()
    return next((units for end, units in UNITS.items() if label.endswith(end)), ())


def parse_number(text: str, units: Iterable[str] = (), *, places: int | None = None) -> Decimal:
    """Parse a number written in French; raise ValidationError for text that is none, or that has two readings.

    Groups of three digits are separated by spaces of any width, decimals by a comma. One or two decimals after a point
    are accepted too: no thousands end so. Three digits after a point, or after a comma where fewer than three `places`
    are possible, may be thousands in another language: refused with both readings.
    """
    text = text.strip()
    number = next((text[: -len(unit)].rstrip() for unit in units if text.casefold().endswith(unit)), text)
    match = NUMBER_PATTERN.fullmatch(number)
    if match is None:
        raise ValidationError(REFUSALS["invalid"], code="invalid")
    sign, whole, mark, decimals = match[1], re.sub(r"\D", "", match[2]), match[3], match[4] or ""
    if len(whole) + len(decimals) > MOST_DIGITS:
        raise ValidationError(REFUSALS["too_large"], code="too_large")
    if mark == "." and len(decimals) > 2 or mark and len(decimals) == 3 and places is not None and places < 3:
        if len(decimals) != 3 or len(match[2]) > 3:
            raise ValidationError(REFUSALS["invalid"], code="invalid")
        readings = {"text": number, "whole": f"{whole}{NBSP}{decimals}", "part": f"{whole},{decimals}"}
        raise ValidationError(REFUSALS["two_ways"], code="two_ways", params=readings)
    value = Decimal(f"{whole}.{decimals}" if decimals else whole)
    return -value if sign and value else value


def number_text(value: Decimal | int | float) -> str:
    """Return a number as a field shows it: « 1 234,50 », « 12000 » as « 12 000 », years as they are."""
    if value == int(value):
        value = int(value)
    if isinstance(value, int):
        return format_number(value) if abs(value) >= 10_000 else str(value)
    return format_number(value)


class FrenchNumberField(forms.Field):
    """Base of number fields. `units`: what may follow the number, besides the unit that the label names."""

    inputmode = "decimal"
    places: int | None = None

    def __init__(self, *args: Any, units: Iterable[str] = (), **kwargs: Any) -> None:
        self.units = tuple(units)
        super().__init__(*args, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        shown = {} if widget.is_hidden else {"inputmode": self.inputmode, "autocomplete": "off"}
        return super().widget_attrs(widget) | shown

    def parse(self, text: str) -> Decimal:
        return parse_number(text, (*self.units, *units_of(str(self.label or ""))), places=self.places)

    def prepare_value(self, value: Any) -> Any:
        """Return an accepted number as it was understood, a refused one as it was typed."""
        if isinstance(value, str) and value.strip():
            try:
                value = self.to_python(value)
            except ValidationError:
                return value
        return number_text(value) if isinstance(value, Decimal | int | float) else value


class NumberField(FrenchNumberField, forms.DecimalField):
    """Field for a number with decimals: a sum of money, a share, a duration in hours."""

    widget = forms.TextInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = self.decimal_places

    def to_python(self, value: Any) -> Any:
        return super().to_python(self.parse(value) if isinstance(value, str) and value.strip() else value)


class WholeNumberField(FrenchNumberField, forms.IntegerField):
    """Field for a number without decimals: a number of people, of days, a year."""

    widget = forms.TextInput
    inputmode = "numeric"
    default_error_messages = {"invalid": REFUSALS["whole"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_value is None:
            self.validators.append(MaxValueValidator(LARGEST, REFUSALS["too_large"]))

    def to_python(self, value: Any) -> Any:
        if not (isinstance(value, str) and value.strip()):
            return super().to_python(value)
        try:
            number = self.parse(value)
        except ValidationError as refused:
            code = refused.code if refused.code == "too_large" else "invalid"
            raise ValidationError(self.error_messages.get(code, refused.message), code=code) from refused
        if "," in value or "." in value:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)


def number_form_field(field: Any, **kwargs: Any) -> Any:
    """Return the form field of a column, for `Meta.formfield_callback`: numbers are read in French."""
    if not field.choices and isinstance(field, models.DecimalField):
        kwargs.setdefault("form_class", NumberField)
    elif not field.choices and isinstance(field, models.IntegerField):
        kwargs.setdefault("form_class", WholeNumberField)
    return field.formfield(**kwargs)
