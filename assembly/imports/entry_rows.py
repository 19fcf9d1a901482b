"""Import of rows that have no register (a sitting, a person, a body), through the form and the actions of their page.

A line names its row by the reference that an exported file gives, else by what identifies such a row. A row that is
there is changed by what its own form may change; a list without `edit` has rows that no file changes.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import User
from assembly.imports.cells import InvalidCell, folded_text, form_value
from assembly.imports.form_rows import (
    FormLines,
    choices_of,
    is_equal,
    list_values,
    of_field,
    read_reference,
    shown_value,
    unchanged_data,
)
from assembly.imports.models import ImportBatch
from assembly.imports.plan import CREATE, PART, REFERENCE, SAME, UPDATE, ImportColumn, ImportPlan, LineRejected
from assembly.imports.tables import FileTable
from assembly.institution.models import Term
from assembly.web.values import format_value


def make_readonly(form: Any, names: Iterable[str]) -> None:
    """Make fields of a form read-only: a file that changes one of them is refused."""
    form.readonly_fields = tuple(names)
    for name in form.readonly_fields:
        form.fields[name].disabled = True


@dataclass(frozen=True)
class EntryRows:
    """Rows that a file adds and may change. `fields`: labels of the form by name; `required`: what no line is without.

    `form(term, user, data, row)`: the form of the page, of a new row or of `row`; its `readonly_fields` are those that
    the form of that row has not. `create(term, by, form)`, `edit(row, by, form)`: its actions.

    `rows(term)`: those that there are. `identity`: the fields by which a line finds one of them; `identity_of(row)`:
    their values. `reference(row)`: its name in an exported file. `headers`: other labels of a field in such a file.
    `named_by`: the fields whose values name a new row on the preview; the first of the file without it.
    """

    fields: Mapping[str, Any]
    required: Sequence[str]
    form: Callable[..., Any]
    create: Callable[..., Any]
    rows: Callable[[Term], Iterable[Any]]
    identity: Sequence[str]
    identity_of: Callable[[Any], Sequence[Any]]
    edit: Callable[..., Any] | None = None
    reference: Callable[[Any], str] | None = None
    headers: Mapping[str, Sequence[Any]] | None = None
    named_by: Sequence[str] = ()

    def columns(self, form: Any = None) -> list[ImportColumn]:
        """Return the reference, if there is one, and the fields; with a form, what each reads as well."""
        choices = choices_of(form) if form else {}
        headers = self.headers or {}
        reference = ImportColumn(REFERENCE, gettext_lazy("Référence"), strict=True, reads=read_reference)
        return [
            *([reference] if self.reference else []),
            *(
                ImportColumn(
                    name,
                    label,
                    tuple(folded_text(str(header)) for header in headers.get(name, ())),
                    required=name in self.required,
                    identifies=name in self.identity,
                    **(of_field(form, name, choices.get(name, {})) if form else {}),
                )
                for name, label in self.fields.items()
            ),
        ]

    def columns_in(self, term: Term) -> list[ImportColumn]:
        return self.columns(self.form_of(term, None))

    def form_of(self, term: Term, user: User | None, data: Any = None, row: Any = None) -> Any:
        """Return the form of a row, or of a new one, which knows the row."""
        form = self.form(term, user, data, row)
        form.imported_row = row
        return form

    def plan(self, table: FileTable, term: Term) -> ImportPlan:
        plan = ImportPlan(table, self.columns())
        if not plan.stops:
            lines = EntryLines(self, term, plan)
            plan.add_lines(lines.plan_line, lines.load)
        return plan

    def write(self, entry: dict[str, Any], batch: ImportBatch, *, by: User) -> str:
        """Write one line as its plan requires, unless somebody added or saved that row since the preview."""
        term, pk = batch.term, entry.get("row")
        row = self.rows_with(term, [pk]).get(pk) if pk else None
        if pk and (row is None or self.version_of(term, row) != entry["version"]):
            raise ValidationError(_("Cette fiche a changé depuis l’aperçu."), code="changed")
        form = self.form_of(term, by, entry["data"], row)
        if not form.is_valid():
            raise ValidationError([str(message) for messages in form.errors.values() for message in messages])
        if row is not None:
            if self.edit:
                self.edit(row, by=by, form=form)
            return str(entry["plan"])
        key = tuple(self.key([form.cleaned_data.get(name) for name in self.identity], form.fields))
        known = self.known_keys(batch)
        if key in known:
            return SAME
        self.create(term, by=by, form=form)
        known.add(key)
        return CREATE

    def known_keys(self, batch: ImportBatch) -> set[Hashable]:
        """Return the keys of the rows that there are, looked up once for the lines of a transaction."""
        if "known" not in batch.memo:
            fields = self.form_of(batch.term, None).fields
            batch.memo["known"] = {tuple(self.key(self.identity_of(row), fields)) for row in self.each(batch.term)}
        known: set[Hashable] = batch.memo["known"]
        return known

    def each(self, term: Term) -> Iterable[Any]:
        """Return every row; of many, only a part is in memory."""
        rows = self.rows(term)
        return rows.iterator(PART) if isinstance(rows, QuerySet) else rows

    def rows_with(self, term: Term, keys: Collection[Any]) -> dict[Any, Any]:
        """Return the rows with these primary keys."""
        rows = self.rows(term)
        named = rows.filter(pk__in=keys) if isinstance(rows, QuerySet) else (row for row in rows if row.pk in keys)
        return {row.pk: row for row in named}

    def version_of(self, term: Term, row: Any) -> str:
        """Return what tells whether somebody saved a row: these have no version, or count it for another page."""
        return digest_of(unchanged_data(self.form_of(term, None, None, row)))

    def key(self, values: Sequence[Any], fields: Mapping[str, Any]) -> list[str]:
        """Return comparable texts of what identifies a row."""
        return [key_part(fields.get(name), value) for name, value in zip(self.identity, values, strict=True)]


def digest_of(shown: Mapping[str, Any]) -> str:
    """Return a digest of what the form of a row shows."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()


def key_part(field: Any, value: Any) -> str:
    """Return a comparable text of a value, or of what somebody would type for it."""
    text = "" if value is None else str(value.pk) if isinstance(value, Model) else str(value)
    return text.strip().lower() if isinstance(field, forms.EmailField) else folded_text(text)


class EntryLines(FormLines):
    """Lines of a file, each a new row or one that there is."""

    source: Any

    def __init__(self, source: EntryRows, term: Term, plan: ImportPlan) -> None:
        form = source.form_of(term, None)
        self.source, self.term, self.plan, self.moments = source, term, plan, []
        self.fields, self.choices = form.fields, choices_of(form)
        self.by_key: dict[Hashable, list[Any]] = {}
        self.by_reference: dict[str, Any] = {}
        self.loaded: dict[Any, Any] = {}
        self.saved: dict[str, Any] = {}  # of the row of the present line, as are the choices
        self.own_choices: dict[str, dict[str, str]] = {}
        for row in source.each(term):
            self.by_key.setdefault(tuple(source.key(source.identity_of(row), form.fields)), []).append(row.pk)
            if source.reference:
                self.by_reference[source.reference(row)] = row.pk

    def load(self, lines: Sequence[Mapping[str, Any]]) -> None:
        keys: list[Any] = []
        for texts in lines:
            with suppress(LineRejected):
                keys += self.matches(texts)
        self.loaded = self.source.rows_with(self.term, keys)

    def matches(self, texts: Mapping[str, str]) -> list[Any]:
        """Return the primary keys of the rows that a line may mean; raise LineRejected."""
        reference = texts.get(REFERENCE, "")
        if not reference:
            return self.by_key.get(self.line_key(texts), [])
        if reference not in self.by_reference:
            raise LineRejected((_("Référence"), reference, _("Aucune fiche n’a cette référence.")))
        return [self.by_reference[reference]]

    def form_of(self, row: Any, data: Any = None) -> Any:
        return self.source.form_of(self.term, None, data, row)

    def version_of(self, row: Any) -> str:
        return digest_of(self.saved)

    def unchanged(self, row: Any) -> tuple[Any, dict[str, Any]]:
        form, data = super().unchanged(row)
        if row is not None:
            self.saved, self.own_choices = data, choices_of(form)
        return form, data

    def line_key(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        """Return what identifies the row of a line; raise LineRejected."""
        blank, source = super().unchanged(None), self.source
        values: list[Any] = []
        for name in source.identity:
            value = self.cell(blank[0], name, texts[name]) if texts.get(name) else blank[1][name]
            if not isinstance(self.fields[name], forms.ModelChoiceField):
                with suppress(ValidationError):
                    value = self.fields[name].clean(value)
            values.append(value)
        return tuple(source.key(values, self.fields))

    def filled(self, base: Any, row: Any, data: dict[str, Any]) -> Any:
        return self.form_of(row, data)  # some read their data as they are built

    def row_of(self, line: int, texts: dict[str, str]) -> Any:
        matches = self.matches(texts)
        if len(matches) > 1:
            raise LineRejected(("", "", _("Plusieurs fiches disent cela : donnez la référence.")))
        known: Hashable = matches[0] if matches else self.line_key(texts)
        if not texts.pop(REFERENCE, "") and matches:
            texts.update(dict.fromkeys(self.source.identity, ""))  # they are those of the row, but for their spelling
        if earlier := self.plan.earlier_line(known, line):
            raise LineRejected(("", "", _("La ligne %(n)s dit la même chose.") % {"n": earlier}))
        if matches and known not in self.loaded:
            raise LineRejected(("", "", _("Cette fiche n’existe plus.")))
        return self.loaded[known] if matches else None

    def choices_for(self, form: Any, name: str) -> Mapping[str, str]:
        """Return values by label, with those that the row has even if they are no longer offered."""
        own = {} if form.imported_row is None else self.own_choices.get(name, {})
        return self.choices.get(name, {}) | own

    def cell(self, form: Any, name: str, text: str) -> Any:
        try:
            value = form_value(form.fields[name], text, self.choices_for(form, name))
        except InvalidCell as refused:
            raise LineRejected((form.fields[name].label, text, str(refused))) from refused
        is_fixed = name in getattr(form, "readonly_fields", ())
        if is_fixed and not is_equal(form, name, self.saved, {name: value}):
            message = _("Un fichier ne change pas cette valeur. Changez-la sur la fiche.")
            raise LineRejected((form.fields[name].label, text, message))
        return value

    def entry(self, line: int, form: Any, names: Iterable[str], row: Any) -> dict[str, Any]:
        if row is None:
            values = list_values(form, names, None)
            naming = list_values(form, self.source.named_by, None) or values[:1]
            name = ", ".join(value["text"] for value in naming)
            return {"plan": CREATE, "name": name, "data": form.data, "values": values, "row": None, "version": ""}
        values = self.changed_values(form, names, row)
        entry = {"plan": UPDATE, "name": str(row), "data": form.data, "values": values, "row": row.pk}
        return entry | {"version": self.version_of(row)}

    def changed_values(self, form: Any, names: Iterable[str], row: Any) -> list[dict[str, str]]:
        """Return the values of a row that the line changes, with the earlier ones."""
        saved, values = self.saved, []
        for name in names:
            if str(saved[name]) != str(form.data[name]):
                before = str(format_value(self.saved_text(form, name, saved[name])))
                text = shown_value(form, name, form.cleaned_data[name])
                values.append({"label": str(form.fields[name].label), "text": text, "before": before})
        return values

    @staticmethod
    def saved_text(form: Any, name: str, value: Any) -> str:
        """Return what a row shows of a field, even if the form would refuse it today."""
        try:
            return shown_value(form, name, form.fields[name].clean(value))
        except ValidationError:
            return str(value)
