"""Import of rows through their form, so that one set of rules applies to a page and to a file.

The text of a cell is read as somebody would type it, or choose it, in a field (`form_value`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.fields import BaseTemporalField
from django.utils.translation import gettext as _

from assembly.files.spreadsheets import NOTE
from assembly.identity.models import User
from assembly.imports.models import ImportBatch
from assembly.imports.plan import (
    CREATE,
    MIDNIGHT,
    SAME,
    UPDATE,
    ImportColumn,
    ImportPlan,
    InvalidCell,
    LineRejected,
    folded_text,
)
from assembly.imports.tables import FileTable
from assembly.institution.models import Term
from assembly.lists import label_of, model_field
from assembly.text.french import shortened
from assembly.web.values import format_value

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


REFERENCE = "reference"


@dataclass(frozen=True)
class FormRows:
    """Rows with a reference, a name and a version, which a file fills through their form.

    `fields`: of the form, in the order of the columns. `identity`: those by which a line without reference finds its
    row. `rows(term)`: the rows that lines are compared with; `rows_of(user, term)`: those that the user may change.
    `form(term, user, row, data)`: the form, with `values()` and `readonly_fields`. `create(term, by, values)`,
    `edit(row, by, values, version)`: the actions of its page.
    """

    model: type[Model]
    fields: Sequence[str]
    identity: Sequence[str]
    rows: Callable[[Term], QuerySet[Any]]
    rows_of: Callable[[Any, Term], QuerySet[Any]]
    form: Callable[..., Any]
    create: Callable[..., Any]
    edit: Callable[..., Any]

    def columns(self) -> list[ImportColumn]:
        """Return the reference, then the fields; each is known by its label or its column of the exported file."""
        labels = {name: label_of(self.model, name) for name in (REFERENCE, *self.fields)}
        return [
            ImportColumn(
                name,
                label,
                (folded_text(label), *(("nom",) if name == "name" else ())),
                required=name == "name",
                identifies=name in self.identity and name != REFERENCE,
            )
            for name, label in labels.items()
        ]

    def plan(self, table: FileTable, term: Term) -> ImportPlan:
        """Check every line, matched by its reference, else by what identifies a row. Nothing is written."""
        rows = [(line, cells) for line, cells in table.rows if not cells[0].startswith(NOTE.strip())]
        plan = ImportPlan(replace(table, rows=rows), self.columns())
        if not plan.stops:
            plan.add_lines(FormLines(self, term, plan).plan_line)
        return plan

    def write(self, entry: dict[str, Any], batch: ImportBatch, *, by: User) -> str:
        """Write one line as its plan requires; raise ValidationError if somebody saved the row since."""
        row = self.rows_of(by, batch.term).filter(pk=entry["row"]).first() if entry["row"] else None
        if entry["row"] and (row is None or row.version != entry["version"]):
            raise ValidationError(_("Cette fiche a changé depuis l’aperçu."), code="changed")
        form = self.form(batch.term, by, row and copy(row), entry["data"])
        if not form.is_valid():
            raise ValidationError([str(message) for messages in form.errors.values() for message in messages])
        if row is None:
            self.create(batch.term, by=by, values=form.values())
        else:
            self.edit(row, by=by, values=form.values(), version=row.version)
        return str(entry["plan"])


class FormLines:
    """Lines of a file compared with the rows that there are."""

    def __init__(self, source: FormRows, term: Term, plan: ImportPlan) -> None:
        self.source, self.term, self.plan = source, term, plan
        self.known = {row.reference: row for row in source.rows(term)}
        form = source.form(term)
        self.fields, self.choices = form.fields, choices_of(form)
        self.named: dict[tuple[str, ...], list[Any]] = {}
        for row in self.known.values():
            self.named.setdefault(self.key_of(row.__dict__), []).append(row)

    def key_of(self, cells: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what identifies a row, from its columns or from the cells of a line."""
        return tuple(self.part_of_key(name, cells.get(name)) for name in self.source.identity)

    def part_of_key(self, name: str, value: Any) -> str:
        """Return a comparable text; a moment gives the same one however it is written."""
        field = self.fields.get(name)
        if isinstance(field, BaseTemporalField) and isinstance(value, str):
            with suppress(ValidationError, InvalidCell):
                value = field.clean(form_value(field, value, {}))
        if isinstance(value, datetime):
            value = value.astimezone(UTC)
        return folded_text(str(value or ""))

    def row_of(self, line: int, texts: dict[str, str]) -> Any:
        """Return the row that a line names, None for a new one; raise LineRejected."""
        key, reference, name = self.key_of(texts), texts.pop(REFERENCE, ""), texts.get("name", "")
        if reference and reference not in self.known:
            raise LineRejected((_("Référence"), reference, _("Aucune fiche n’a cette référence.")))
        matches = [self.known[reference]] if reference else self.named.get(key, [])
        if len(matches) > 1:
            raise LineRejected(("", name, _("Plusieurs fiches portent ce nom : donnez la référence.")))
        row = matches[0] if matches else None
        if earlier := self.plan.earlier_line((row.reference,) if row else key, line):
            raise LineRejected(("", name, _("La ligne %(n)s dit déjà cette fiche.") % {"n": earlier}))
        return row

    def choices_for(self, form: Any, name: str) -> Mapping[str, str]:
        """Return values by label, with the saved value of the row even if it is no longer offered."""
        own = getattr(form.instance, name, None)
        saved = (
            {folded_text(form.fields[name].label_from_instance(own)): str(own.pk)} if isinstance(own, Model) else {}
        )
        return self.choices.get(name, {}) | saved

    def cell(self, form: Any, name: str, text: str) -> str:
        """Return the form data of a cell; raise LineRejected for what the form would silently ignore."""
        try:
            value = form_value(form.fields[name], text, self.choices_for(form, name))
            if name in form.readonly_fields:
                with suppress(ValidationError):
                    if form.fields[name].clean(value) != getattr(form.instance, name):
                        raise InvalidCell(_("Un fichier ne change pas cette valeur. Changez-la sur la fiche."))
        except InvalidCell as refused:
            raise LineRejected((form.fields[name].label, text, str(refused))) from refused
        return value

    def plan_line(self, line: int, texts: dict[str, str]) -> dict[str, Any]:
        """Validate a line with the form; an empty cell leaves the saved value. Raise LineRejected."""
        row = self.row_of(line, texts)
        typed = {name: text for name, text in texts.items() if text}
        base = self.source.form(self.term, None, row)
        data = unchanged_data(base) | {name: self.cell(base, name, text) for name, text in typed.items()}
        form = self.source.form(self.term, None, row and copy(row), data)
        if not form.is_valid():
            labels = {name: field.label for name, field in form.fields.items()}
            raise LineRejected(
                *(
                    (labels.get(name, ""), texts.get(name, ""), " ".join(map(str, messages)))
                    for name, messages in form.errors.items()
                )
            )
        values = form.values()
        is_same = row is not None and all(getattr(row, name) == value for name, value in values.items())
        return {
            "plan": CREATE if row is None else SAME if is_same else UPDATE,
            "name": str(values.get("name", "")),
            "data": data,
            "values": list_values(form, typed, row),
            "row": row and row.pk,
            "version": row.version if row else 0,
        }


def list_values(form: Any, names: Iterable[str], row: Any) -> list[dict[str, str]]:
    """Return the new values of a row, and the earlier ones where they change."""
    rows = []
    for name in names:
        value, before = form.cleaned_data[name], getattr(row, name, None)
        text, earlier = shown_value(form, name, value), shown_value(form, name, before)
        entry = {"label": str(form.fields[name].label), "text": text}
        rows.append(entry | {"before": earlier} if row is not None and value != before else entry)
    return rows


def shown_value(form: Any, name: str, value: Any) -> str:
    """Return one value as a page shows it; long texts are cut."""
    choices = dict(model_field(type(form.instance), name).choices or ())
    value = choices.get(value, value) if choices else value
    return shortened(value if value and isinstance(value, str) else str(format_value(value)), 200)
