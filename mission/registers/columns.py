"""Columns, filters and cells that come from the fields of a model: their words are said once, in the model."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, Q
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from assembly.fragments.cache import until_changed
from assembly.institution.models import Term
from assembly.institution.queries import canton_choices
from assembly.ui.alphabetical import alphabetical
from assembly.ui.templatetags.ui import nbsp, state
from assembly.ui.values import due_cell, words_of
from mission.registers.declaration import Filter, Register, RegisterColumn, label_of, model_field
from mission.registers.models import RegisterRow


def column(
    model: type[Model], name: str, key: str = "", *, is_shown: bool = True, note: Callable[[Any], object] | None = None
) -> RegisterColumn:
    """A field of the model: `key` is its word in the address, the name of the field where none is given."""
    field = model_field(model, name)
    value: Any = name
    if field.choices:
        value = f"get_{name}_display"
    elif field.many_to_one:
        value = lambda row: str(getattr(row, name) or "")  # noqa: E731 -- a column holds a function
    elif field.get_internal_type() == "ArrayField":
        value = lambda row: ", ".join(getattr(row, name))  # noqa: E731 -- as above
    order = [] if field.many_to_one or field.get_internal_type() == "ArrayField" else [name]
    if field.get_internal_type() in {"CharField", "TextField"} and not field.choices:
        order = [f"{name}__alphabetical"]
    is_number = field.get_internal_type() in {
        "DecimalField",
        "IntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
    }
    return RegisterColumn(
        label_of(model, name), value, key or name, order, number=is_number, note=note, is_shown=is_shown
    )


def by_choice(model: type[Model], name: str, key: str) -> Filter:
    """One of the choices of a field."""
    return Filter(key, label_of(model, name), name, model_field(model, name).choices)


def by_canton(path: str = "canton") -> Filter:
    return Filter("canton", _("Canton"), path, lambda term: canton_choices(term.assembly_id))


def in_order(words: Iterable[str]) -> list[str]:
    return sorted(words, key=alphabetical)


def by_tag(model: type[Model], name: str, key: str) -> Filter:
    """One of the words that rows of this assembly have in an array of words."""

    def tags(term: Term) -> list[tuple[str, str]]:
        rows = model._base_manager.filter(assembly=term.assembly_id).values_list(name, flat=True).distinct()  # noqa: SLF001 -- documented API
        kept = ("tags", model.__name__, name, term.assembly_id)
        return until_changed(kept, lambda: [(tag, tag) for tag in in_order({tag for found in rows for tag in found})])

    return Filter(key, label_of(model, name), name, tags, where=lambda value: Q(**{f"{name}__contains": [value]}))


def by_word(model: type[Model], name: str, key: str) -> Filter:
    """One of the words that rows of this assembly have in a column."""

    def words(term: Term) -> list[tuple[str, str]]:
        rows = model._base_manager.filter(assembly=term.assembly_id).exclude(**{name: ""})  # noqa: SLF001 -- documented API
        rows = rows.order_by(f"{name}__alphabetical")
        kept = ("words", model.__name__, name, term.assembly_id)
        return until_changed(kept, lambda: [(word, word) for word in rows.values_list(name, flat=True).distinct()])

    return Filter(key, label_of(model, name), name, words)


def list_cell(column: RegisterColumn, row: RegisterRow) -> Any:
    """A cell of the list."""
    if column.key == "etat":
        return state(row.shape, row.get_state_display())  # type: ignore[attr-defined]  # -- of every subclass
    if column.key == "echeance":
        return words_of(row.due_on) if row.is_over else due_cell(row.due_on)
    shown = words_of(column.of(row))
    note = column.note(row) if column.note else None
    return format_html('{}<br><span class="small soft">{}</span>', shown, words_of(note)) if note else shown


def field_words(row: Model, name: str) -> Any:
    """A field of a row on its page."""
    field, value = model_field(type(row), name), getattr(row, name)
    if value in (None, "", []):
        return ""
    if field.choices:
        return getattr(row, f"get_{name}_display")()
    if field.get_internal_type() == "TextField":
        return mark_safe(linebreaks(nbsp(value), autoescape=True))  # noqa: S308 -- escaped by `linebreaks`
    return words_of(value)


def parts_of(register: Register, row: RegisterRow) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The sections of a row with what is filled in, but what the page tells around them."""
    told = {"name", "owner", "due_on"}
    found = [
        (part.title, [(label_of(type(row), name), field_words(row, name)) for name in part.fields if name not in told])
        for part in register.sections
    ]
    filled = [(title, [(label, words) for label, words in rows if words]) for title, rows in found]
    return [(title, rows) for title, rows in filled if rows]
