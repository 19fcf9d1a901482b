"""Import of rows through their form, so that one set of rules applies to a page and to a file."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Model, QuerySet
from django.forms.fields import BaseTemporalField
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import User
from assembly.imports.cells import MIDNIGHT, InvalidCell, day_cell, folded_text, form_value, is_hour
from assembly.imports.models import ImportBatch
from assembly.imports.plan import (
    CREATE,
    REFERENCE,
    SAME,
    UPDATE,
    ImportColumn,
    ImportPlan,
    LineRejected,
)
from assembly.imports.tables import FileTable
from assembly.imports.undo import check_unreferenced, check_unused, written_facts
from assembly.institution.models import Term
from assembly.lists import label_of, model_field
from assembly.lists.tables import kind_of
from assembly.text.french import shortened
from assembly.web.values import format_value


def choices_of(form: Any) -> dict[str, dict[str, str]]:
    """Return, for each choice field, its values by the folded label or value in a cell."""
    values: dict[str, dict[str, str]] = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField):
            none = {folded_text(str(field.empty_label)): ""} if field.empty_label and not field.required else {}
            values[name] = none | {
                folded_text(field.label_from_instance(row)): str(row.pk) for row in field.queryset or ()
            }
        elif isinstance(field, forms.ChoiceField):
            pairs: Any = field.choices
            values[name] = {folded_text(str(label)): str(value) for value, label in pairs if value != ""}
    return values


def choice_labels(field: Any) -> tuple[str, ...]:
    """Return the labels of the choices of a field, where they are few enough for a list."""
    if isinstance(field, forms.BooleanField):
        return _("oui"), _("non")
    if not isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return ()
    pairs: Any = field.choices
    labels = [str(label) for value, label in pairs if value != ""]
    return tuple(labels) if len(labels) <= MOST_CHOICES else ()


def unchanged_data(form: Any) -> dict[str, Any]:
    """Return what the form of this row would submit unchanged."""
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        shown = field.prepare_value(value)
        text = "" if shown is None or shown is False else "on" if shown is True else str(shown)
        data[name] = [str(each) for each in shown] if isinstance(shown, list) else text
    return data


MOST_CHOICES = 200
DAY = "day"  # the field of a file with the day of all hours of a line
REFERENCE_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*-\d+", re.ASCII)


def headers_of(name: str, form: Any) -> tuple[str, ...]:
    """Return the headers of a field besides its label: the label of the form, « Nom » for the name."""
    label = (folded_text(str(form.fields[name].label)),) if form and name != REFERENCE else ()
    return (*label, "nom") if name == "name" else label


def read_reference(text: str) -> None:
    if not REFERENCE_TEXT.fullmatch(text):
        raise InvalidCell(_("Ce n’est pas une référence, comme PA-2026-04."))


def read_day(text: str) -> None:
    try:
        date.fromisoformat(day_cell(text))
    except ValueError:
        raise InvalidCell(_("Écrivez un jour, par exemple 05/12/2026.")) from None


def day_columns(moments: Mapping[str, Any]) -> list[ImportColumn]:
    """Return the fields of files that write day and hour in two columns, from the labels of the moments."""
    days = [
        ImportColumn(
            f"{name}.{DAY}",
            format_lazy(gettext_lazy("{} (jour)"), label),
            tuple(folded_text(f"{before} {label}") for before in ("date", "date de", "jour", "jour de", "date d")),
            strict=True,
            reads=read_day,
        )
        for name, label in moments.items()
    ]
    same = ImportColumn(
        DAY, gettext_lazy("Jour, si les heures sont seules"), ("date", "jour", "le"), strict=True, reads=read_day
    )
    return [same, *days] if moments else []


def join_days(texts: dict[str, str], moments: Sequence[str]) -> None:
    """Put the day of its own column before each hour that stands alone."""
    same = texts.pop(DAY, "") if moments else ""
    for name in moments:
        day, text = texts.pop(f"{name}.{DAY}", "") or same, texts.get(name, "")
        if day and (not text or is_hour(text)):
            texts[name] = f"{MIDNIGHT.sub('', day)} {text}".rstrip()


@dataclass(frozen=True)
class FormRows:
    """Rows with a reference, a name and a version, which a file fills through their form.

    `fields`: of the form, in the order of the columns. `identity`: those by which a line without reference finds its
    row. `rows(term)`: the rows that lines are compared with; `rows_of(user, term)`: those that the user may change.
    `form(term, user, row, data)`: the form, with `values()` and `readonly_fields`. `create(term, by, values)`,
    `edit(row, by, values, version)`: the actions of its page. `take_back(row, by)`: the one that deletes a row that an
    import created; without it an import is not undone.
    """

    model: type[Model]
    fields: Sequence[str]
    identity: Sequence[str]
    rows: Callable[[Term], QuerySet[Any]]
    rows_of: Callable[[Any, Term], QuerySet[Any]]
    form: Callable[..., Any]
    create: Callable[..., Any]
    edit: Callable[..., Any]
    take_back: Callable[..., Any] | None = None

    def columns(self, form: Any = None) -> list[ImportColumn]:
        """Return the reference, then the fields; with a form, what each reads as well."""
        labels = {name: label_of(self.model, name) for name in (REFERENCE, *self.fields)}
        moments = {
            name: label for name, label in labels.items() if isinstance(model_field(self.model, name), DateTimeField)
        }
        choices = choices_of(form) if form else {}
        return [
            ImportColumn(
                name,
                label,
                headers_of(name, form),
                required=name == "name",
                identifies=name in self.identity and name != REFERENCE,
                **self.reading(name, form, choices),
            )
            for name, label in labels.items()
        ] + day_columns(moments)

    @staticmethod
    def reading(name: str, form: Any, choices: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """Return how the column of a field reads, as far as it is known without a form."""
        if name == REFERENCE:
            return {"strict": True, "reads": read_reference}
        return of_field(form, name, choices.get(name, {})) if form else {}

    def columns_in(self, term: Term) -> list[ImportColumn]:
        return self.columns(self.form(term))

    def plan(self, table: FileTable, term: Term) -> ImportPlan:
        """Check every line, matched by its reference, else by what identifies a row. Nothing is written."""
        plan = ImportPlan(table, self.columns())
        if not plan.stops:
            lines = FormLines(self, term, plan)
            plan.add_lines(lines.plan_line, lines.load)
        return plan

    def write(self, entry: dict[str, Any], batch: ImportBatch, *, by: User) -> str:
        """Write one line as its plan requires; raise ValidationError if somebody saved the row since."""
        row = self.rows_of(by, batch.term).filter(pk=entry["row"]).first() if entry["row"] else None
        if entry["row"] and (row is None or row.version != entry["version"]):
            raise ValidationError(_("Cette fiche a changé depuis l’aperçu."), code="changed")
        if row is None and "form" not in batch.memo:
            batch.memo["form"] = self.form(batch.term, by)
        base = batch.memo["form"] if row is None else self.form(batch.term, by, row)
        form = bound(base, entry["data"])
        if not form.is_valid():
            raise ValidationError([str(message) for messages in form.errors.values() for message in messages])
        if row is None:
            self.check_new(batch.term, form.values())
            made, former = self.create(batch.term, by=by, values=form.values()), None
        else:
            former = unchanged_data(base)
            self.edit(row, by=by, values=form.values(), version=row.version)
            made = row
        if self.take_back:
            entry["written"] = written_facts(made, former)
        return str(entry["plan"])

    def undo(self, written: dict[str, Any], batch: ImportBatch, *, by: User) -> None:
        """Delete a row that a line created, or give the former values back to one that it changed."""
        row = self.rows_of(by, batch.term).filter(pk=written["row"]).first()
        if row is None or self.take_back is None:
            raise ValidationError(_("Une fiche de cet import n’existe plus."), code="changed")
        check_unused(row, written, with_parts=written["former"] is None)
        if row.version != written["version"]:
            raise ValidationError(_("« %(name)s » a changé depuis l’import.") % {"name": row}, code="changed")
        if written["former"] is None:
            check_unreferenced(row)
            self.take_back(row, by=by)
            return
        form = self.form(batch.term, by, copy(row), written["former"])
        if not form.is_valid():
            raise ValidationError(_("« %(name)s » ne reprend plus ses anciennes valeurs.") % {"name": row})
        self.edit(row, by=by, values=form.values(), version=row.version)

    def check_new(self, term: Term, values: Mapping[str, Any]) -> None:
        """Raise ValidationError if the row was created since the preview."""
        same = {name: values[name] for name in self.identity if values.get(name) not in (None, "")}
        rows = self.rows(term)
        if rows.filter(**same).exists() if same else row_holding(rows, values):
            raise ValidationError(_("Cette fiche existe depuis l’aperçu."), code="changed")


def of_field(form: Any, name: str, choices: Mapping[str, str]) -> dict[str, Any]:
    """Return what a column takes from its field: how it reads, its choices, its kind, whether a new row lacks it."""
    field = form.fields[name]
    return {
        "reads": reader_of(field, choices),
        "choices": choice_labels(field),
        "kind": kind_of(field),
        "is_needed": field.required and form[name].value() in (None, "", []),
    }


def row_holding(rows: QuerySet[Any], values: Mapping[str, Any]) -> Any:
    """Return a row that holds all of these values; the database compares those of its columns."""
    columns = {field.name for field in rows.model._meta.concrete_fields} & set(values)
    same = {name: values[name] for name in columns if values[name] not in (None, "")}
    return next((row for row in rows.filter(**same) if holds_values(row, values)), None)


def holds_values(row: Any, values: Mapping[str, Any]) -> bool:
    return all(hasattr(row, name) and getattr(row, name) == value for name, value in values.items())


def takes_several(field: Any) -> bool:
    return isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)


def reader_of(field: Any, choices: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the function that reads a text as the field does, without the database."""

    def read(text: str) -> Any:
        if isinstance(field, forms.DateTimeField) and is_hour(text):
            return text
        value = form_value(field, text, choices)
        return value if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) else field.clean(value)

    return read


def bound(form: Any, data: Mapping[str, Any]) -> Any:
    """Return a form with data on a copy of its row, made of one without: its fields are the same objects."""
    made = copy(form)
    made.data, made.is_bound, made._errors, made._bound_fields_cache = data, True, None, {}  # noqa: SLF001 -- a form
    made.instance = copy(form.instance)
    return made


class FormLines:
    """Lines of a file compared with the rows that there are; of those only the ones of some lines are in memory."""

    blank: tuple[Any, dict[str, Any]] | None = None

    def __init__(self, source: FormRows, term: Term, plan: ImportPlan) -> None:
        self.source, self.term, self.plan = source, term, plan
        form = source.form(term)
        self.fields, self.choices = form.fields, choices_of(form)
        self.moments = [name for name, field in form.fields.items() if isinstance(field, forms.DateTimeField)]
        self.known_names: set[str] = set()
        self.by_reference: dict[str, int] = {}
        self.named: dict[tuple[str, ...], list[int]] = {}
        self.loaded: dict[int, Any] = {}
        for row in source.rows(term).values("pk", *{REFERENCE, "name", *source.identity}).iterator():
            self.by_reference[row[REFERENCE]] = row["pk"]
            self.known_names.add(row["name"])
            self.named.setdefault(self.key_of(row), []).append(row["pk"])

    def load(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Load the rows that these lines name, and forget those of the lines before."""
        keys = [key for texts in lines for key in self.keys_for(texts)]
        self.loaded = {row.pk: row for row in self.source.rows(self.term).filter(pk__in=keys)}

    def keys_for(self, texts: Mapping[str, Any]) -> list[int]:
        if reference := texts.get(REFERENCE):
            return [self.by_reference[reference]] if reference in self.by_reference else []
        return self.named.get(self.key_of(texts), []) if any(self.key_of(texts)) else []

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
        key, matches = self.key_of(texts), self.keys_for(texts)
        reference, name = texts.pop(REFERENCE, ""), texts.get("name", "")
        if reference and not matches:
            raise LineRejected((_("Référence"), reference, _("Aucune fiche n’a cette référence.")))
        if len(matches) > 1:
            raise LineRejected(("", name, _("Plusieurs fiches portent ce nom : donnez la référence.")))
        row = self.row(matches[0]) if matches else None
        known = (row.reference,) if row else key
        if any(known) and (earlier := self.plan.earlier_line(known, line)):
            raise LineRejected(("", name, _("La ligne %(n)s dit déjà cette fiche.") % {"n": earlier}))
        return row

    def row(self, pk: int) -> Any:
        """Return a row; one that a day in a column of its own identifies is not loaded before."""
        return self.loaded.get(pk) or self.source.rows(self.term).filter(pk=pk).first()

    def unchanged(self, row: Any) -> tuple[Any, dict[str, Any]]:
        """Return the form of a row and what it would submit unchanged; of a new row, made once."""
        if row is not None:
            form = self.form_of(row)
            return form, unchanged_data(form)
        if self.blank is None:
            form = self.form_of(None)
            self.blank = form, unchanged_data(form)
        return self.blank

    def form_of(self, row: Any, data: Any = None) -> Any:
        return self.source.form(self.term, None, row, data)

    def filled(self, base: Any, row: Any, data: dict[str, Any]) -> Any:
        """Return the form of a line with its data. It is the one that showed the row, bound: to build one is dear."""
        return bound(base, data)

    def version_of(self, row: Any) -> Any:
        """Return what tells, when the line is written, whether somebody saved the row since."""
        return row.version

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
            if name in getattr(form, "readonly_fields", ()):
                with suppress(ValidationError):
                    if form.fields[name].clean(value) != getattr(form.instance, name):
                        raise InvalidCell(_("Un fichier ne change pas cette valeur. Changez-la sur la fiche."))
        except InvalidCell as refused:
            raise LineRejected((form.fields[name].label, text, str(refused))) from refused
        return value

    def plan_line(self, line: int, texts: dict[str, str]) -> dict[str, Any]:
        """Validate a line with the form. Raise LineRejected.

        An empty cell leaves the saved value, unless the line has a reference: then it was emptied in an exported file.
        """
        join_days(texts, self.moments)
        has_reference = bool(texts.get(REFERENCE))
        row = self.row_of(line, texts)
        base, saved = self.unchanged(row)
        fixed = {name for name, field in base.fields.items() if field.required} | {
            *getattr(base, "readonly_fields", ())
        }
        texts = self.cells_of(base, texts)
        typed = {name: text for name, text in texts.items() if text or (has_reference and name not in fixed)}
        data = saved | self.read_cells(base, typed)
        if row is not None:
            data = {name: saved[name] if is_equal(base, name, saved, data) else value for name, value in data.items()}
            if data == saved:
                return {
                    "plan": SAME,
                    "name": str(row),
                    "data": data,
                    "values": [],
                    "row": row.pk,
                    "version": self.version_of(row),
                }
        form = self.filled(base, row, data)
        if not form.is_valid():
            labels = {name: field.label for name, field in form.fields.items()}
            raise LineRejected(
                *(
                    (labels.get(name, ""), texts.get(name, ""), " ".join(map(str, messages)))
                    for name, messages in form.errors.items()
                )
            )
        return self.entry(line, form, typed, row)

    def cells_of(self, form: Any, texts: dict[str, str]) -> dict[str, str]:
        """Return the cells that a form reads."""
        return texts

    def read_cells(self, form: Any, typed: Mapping[str, str]) -> dict[str, Any]:
        """Return the form data of the cells of a line; raise LineRejected with each that is wrong."""
        data: dict[str, Any] = {}
        errors: list[tuple[Any, str, str]] = []
        for name, text in typed.items():
            try:
                data[name] = self.cell(form, name, text) if text else [] if takes_several(form.fields[name]) else ""
            except LineRejected as rejected:
                errors += rejected.errors
        if errors:
            raise LineRejected(*errors)
        return data

    def entry(self, line: int, form: Any, names: Iterable[str], row: Any) -> dict[str, Any]:
        """Return the plan of a line that the form accepts."""
        values = form.values()
        is_same = row is not None and all(saved_value(form, row, name) == value for name, value in values.items())
        if row is None and (row := self.row_like(line, values, names)):
            is_same = True
        return {
            "plan": CREATE if row is None else SAME if is_same else UPDATE,
            "name": str(values.get("name", "")),
            "data": form.data,
            "values": list_values(form, names, row),
            "row": row and row.pk,
            "version": row.version if row else 0,
        }

    def row_like(self, line: int, values: Mapping[str, Any], names: Iterable[str]) -> Any:
        """Return the row that holds all that a new line says, as when a file is sent twice; None for a new one.

        Raises LineRejected for a line that repeats an earlier one of the file.
        """
        given = {name: values[name] for name in names if name in values}
        if earlier := self.plan.earlier_line(str(sorted(given.items(), key=str)), line):
            raise LineRejected(
                ("", str(values.get("name", "")), _("La ligne %(n)s dit la même chose.") % {"n": earlier})
            )
        return row_holding(self.source.rows(self.term), given) if values.get("name") in self.known_names else None


def saved_value(form: Any, row: Any, name: str) -> Any:
    """Return what a row holds of a field, which may be a column of another one (a person)."""
    return getattr(row, name) if hasattr(row, name) else form.initial.get(name)


def is_equal(form: Any, name: str, saved: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Return whether a cell says what is saved, also of a row that the form would refuse today."""
    if isinstance(saved[name], list) and isinstance(data[name], list):
        return sorted(saved[name]) == sorted(data[name])
    if str(saved[name]).replace("\r\n", "\n") == str(data[name]).replace("\r\n", "\n"):
        return True
    with suppress(ValidationError):
        return bool(form.fields[name].clean(saved[name]) == form.fields[name].clean(data[name]))
    return False


def list_values(form: Any, names: Iterable[str], row: Any) -> list[dict[str, str]]:
    """Return the new values of a row, and the earlier ones where they change."""
    rows = []
    for name in names:
        value, before = form.cleaned_data[name], row and saved_value(form, row, name)
        text, earlier = shown_value(form, name, value), shown_value(form, name, before)
        entry = {"label": str(form.fields[name].label), "text": text}
        rows.append(entry | {"before": earlier} if row is not None and value != before else entry)
    return rows


def shown_value(form: Any, name: str, value: Any) -> str:
    """Return one value as a page shows it; long texts are cut."""
    field: Any = form.fields[name]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        pairs: Any = field.choices
        value = {str(key): label for key, label in pairs}.get(str(value), value)
    elif isinstance(field, forms.ModelMultipleChoiceField):
        value = list(value or ())
    return shortened(value if value and isinstance(value, str) else str(format_value(value)), 200)
