"""Columns, filters and cells made from the fields of a model: their labels are written once, in the model."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, DecimalField, IntegerField, Model, Q, TextField
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from assembly.fragments.cache import cached_piece
from assembly.institution.models import Term
from assembly.institution.queries import canton_choices
from assembly.text.alphabetical import alphabetical
from assembly.web.lists import Column
from assembly.web.templatetags.ui import nbsp, state
from assembly.web.values import due_cell, format_value
from mission.registers.declaration import Filter, Register, RegisterColumn, label_of, model_field
from mission.registers.models import RegisterRow

# The column of a sitting shows its reference: its title is too long for a table below a row.
SITTING = Column(_("Séance"), lambda line: line.sitting and line.sitting.reference)


def column(model: type[Model], name: str, key: str = "", **more: Any) -> RegisterColumn:
    """Return the column of a field. `key`: its word in the URL, else its name; `more`: see RegisterColumn."""
    field = model_field(model, name)
    value: Any = f"get_{name}_display" if field.choices else name
    order = [name]
    if field.many_to_one:
        value, order = lambda row: str(getattr(row, name) or ""), []
    elif isinstance(field, ArrayField):
        value, order = lambda row: ", ".join(getattr(row, name)), []
    elif isinstance(field, CharField | TextField) and not field.choices:
        order = [f"{name}__alphabetical"]
    number = isinstance(field, DecimalField | IntegerField)
    return RegisterColumn(label_of(model, name), value, key or name, order, number=number, **more)


def by_choice(model: type[Model], name: str, key: str) -> Filter:
    """Return a filter by the choices of a field."""
    return Filter(key, label_of(model, name), name, model_field(model, name).choices)


def by_canton(path: str = "canton") -> Filter:
    return Filter("canton", _("Canton"), path, lambda term: canton_choices(term.assembly_id))


def column_values(model: type[Model], name: str, labels_from: Callable[[Any], Iterable[str]]) -> Callable[[Term], Any]:
    """Return a function that lists the values of a column in an assembly, sorted, cached until one changes."""

    def values(term: Term) -> list[tuple[str, str]]:
        rows = model._base_manager.filter(assembly=term.assembly_id).order_by().values_list(name, flat=True).distinct()
        cache_key = ("words", model.__name__, name, term.assembly_id)
        return cached_piece(cache_key, lambda: [(one, one) for one in sorted(labels_from(rows), key=alphabetical)])

    return values


def by_tag(model: type[Model], name: str, key: str) -> Filter:
    """Return a filter by the words in an array column of the rows of this assembly."""
    tags = column_values(model, name, lambda rows: {tag for row in rows for tag in row})
    return Filter(key, label_of(model, name), name, tags, where=lambda value: Q(**{f"{name}__contains": [value]}))


def by_word(model: type[Model], name: str, key: str) -> Filter:
    """Return a filter by the words in a column of the rows of this assembly."""
    return Filter(key, label_of(model, name), name, column_values(model, name, lambda rows: filter(None, rows)))


def by_related(
    model: type[Model], name: str, key: str, *, order: str = "name__alphabetical", of: Q | None = None
) -> Filter:
    """Return a filter by what a key points at in this assembly: all, or those `of`.

    A row that points at a merged double counts with the one it was merged into.
    """
    field = model_field(model, name)

    def rows(term: Term) -> list[tuple[int, str]]:
        targets = field.related_model.objects.filter(of or Q(), assembly=term.assembly_id)
        return list(targets.order_by(order, "pk").values_list("pk", "name"))

    def with_doubles(value: str) -> Q:
        return Q(**{name: value}) | Q(**{f"{name}__merged_into": value})

    where = with_doubles if hasattr(field.related_model, "merged_into") else None
    return Filter(key, label_of(model, name), name, rows, where=where)


def by_year(model: type[Model], path: str) -> Filter:
    """Return a filter by the years of the rows of this assembly, the last first."""

    def years(term: Term) -> list[tuple[int, int]]:
        rows = model._base_manager.filter(assembly=term.assembly_id).order_by()
        return [(year, year) for year in sorted(set(rows.values_list(path, flat=True).distinct()), reverse=True)]

    return Filter("annee", _("Année"), path, years, _("Toutes les années"))


def list_cell(column: RegisterColumn, row: RegisterRow) -> Any:
    if column.key == "etat":
        return state(row.state_badge, row.get_state_display())  # type: ignore[attr-defined]  # -- a method of every subclass
    if column.key == "echeance":
        return format_value(row.due_on) if row.is_over else due_cell(row.due_on)
    shown = format_value(column.value_of(row))
    note = column.note(row) if column.note else None
    return format_html('{}<br><span class="small soft">{}</span>', shown, format_value(note)) if note else shown


def format_field(row: Model, name: str) -> Any:
    """Return a field of a row as its page shows it; empty if nothing is filled in."""
    field, value = model_field(type(row), name), getattr(row, name)
    if value in (None, "", []):
        return ""
    if field.choices:
        return getattr(row, f"get_{name}_display")()
    if field.get_internal_type() == "TextField":
        return mark_safe(linebreaks(nbsp(value), autoescape=True))  # noqa: S308 -- escaped by `linebreaks`
    return format_value(value)


def parts_of(register: Register, row: RegisterRow) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return the sections of a row with what is filled in, without what the page shows elsewhere."""
    elsewhere = {"name", "owner", "due_on"}
    sections = [
        (
            part.title,
            [(label_of(type(row), name), format_field(row, name)) for name in part.fields if name not in elsewhere],
        )
        for part in register.sections
    ]
    filled = [(title, [(label, text) for label, text in rows if text]) for title, rows in sections]
    return [(title, rows) for title, rows in filled if rows]
