"""A file read through a form: the words of a cell as somebody would type, or choose, them in a field."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from members.import_columns import folded_text

DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
YES = {"oui", "vrai", "x", "1", "true"}


def typed(field: Any, text: str, choices: Mapping[str, str]) -> str:
    """What somebody would type, or choose, for the words of a cell."""
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return choices.get(folded_text(text), text)
    if isinstance(field, forms.DateField) and (found := DAY.fullmatch(text)):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        return text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", ".")
    if isinstance(field, forms.BooleanField):
        return "on" if folded_text(text) in YES else ""
    return text.removeprefix("'") if text[:2] in {"'=", "'+", "'-", "'@"} else text


def choices_of(form: Any) -> dict[str, dict[str, str]]:
    """Of each field that is chosen: its value by the words in a cell."""
    found: dict[str, dict[str, str]] = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField):
            found[name] = {folded_text(field.label_from_instance(row)): str(row.pk) for row in field.queryset or ()}
        elif isinstance(field, forms.ChoiceField):
            pairs: Any = field.choices
            found[name] = {folded_text(str(label)): str(value) for value, label in pairs if value != ""}
            found[name] |= {folded_text(value): value for value in list(found[name].values())}
    return found


def sent(form: Any) -> dict[str, Any]:
    """What the page of this row would send unchanged."""
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        shown = field.prepare_value(value)
        data[name] = "" if shown is None or shown is False else "on" if shown is True else str(shown)
    return data
