"""Reader of a file through a form: the text of a cell as somebody would type it, or choose it, in a field."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assembly.imports.columns import MIDNIGHT, InvalidCell, folded_text

DAY = r"(?:(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2}))"
HOUR = r"(?:T|,? +(?:à +)?)(\d{1,2})(?: ?h ?|:)(\d{2})?(?::(\d{2}))?"
ONE_DAY, MOMENT = re.compile(DAY, re.ASCII), re.compile(DAY + HOUR, re.ASCII)
YES = {"oui", "vrai", "x", "1", "true"}


def form_value(field: Any, text: str, choices: Mapping[str, str]) -> str:
    """Return what somebody would type, or choose, for the text of a cell.

    Raises InvalidCell for a day where a moment is required, and the other way round: no hour is invented or dropped.
    """
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return choices.get(folded_text(text), text)
    if isinstance(field, forms.DateTimeField):
        return moment_cell(text)
    if isinstance(field, forms.DateField):
        text = MIDNIGHT.sub("", text)
        if MOMENT.fullmatch(with_plain_spaces(text)):
            raise InvalidCell(_("Cette case porte une heure. Écrivez le jour seul, par exemple 05/12/2026."))
        match = ONE_DAY.fullmatch(text)
        return iso_day(match) if match else text
    if isinstance(field, forms.BooleanField):
        return "on" if folded_text(text) in YES else ""
    return text.removeprefix("'") if text[:2] in {"'=", "'+", "'-", "'@"} else text


def moment_cell(text: str) -> str:
    """Return ISO text for « 05/12/2026 14:30 », « 05/12/2026 à 14 h 30 » or « 2026-12-05 14:30:00 »."""
    text = with_plain_spaces(text)
    if ONE_DAY.fullmatch(text):
        raise InvalidCell(_("L’heure manque. Écrivez le jour et l’heure, par exemple 05/12/2026 14:30."))
    match = MOMENT.fullmatch(text)
    if match is None:
        return text
    hour, minute, second = match.groups()[6:]
    return f"{iso_day(match)}T{int(hour):02}:{minute or '00'}:{second or '00'}"


def with_plain_spaces(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def iso_day(match: re.Match[str]) -> str:
    parts = match.groups()[:6]
    year, month, day = parts[3:] if parts[3] else reversed(parts[:3])
    return f"{year}-{int(month):02}-{int(day):02}"


def choices_of(form: Any) -> dict[str, dict[str, str]]:
    """Return, for each choice field, its values by the folded label or value in a cell."""
    values: dict[str, dict[str, str]] = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField):
            values[name] = {folded_text(field.label_from_instance(row)): str(row.pk) for row in field.queryset or ()}
        elif isinstance(field, forms.ChoiceField):
            pairs: Any = field.choices
            values[name] = {folded_text(str(label)): str(value) for value, label in pairs if value != ""}
            values[name] |= {folded_text(value): value for value in list(values[name].values())}
    return values


def unchanged_data(form: Any) -> dict[str, Any]:
    """Return what the form of this row would submit unchanged."""
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        shown = field.prepare_value(value)
        data[name] = "" if shown is None or shown is False else "on" if shown is True else str(shown)
    return data
