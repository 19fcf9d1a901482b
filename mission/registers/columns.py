"""Columns and filters that come from the fields of a model: their words are said once, in the model."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Term
from assembly.institution.queries import canton_choices
from mission.registers.declaration import Filter, RegisterColumn, label_of, model_field


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


def by_tag(model: type[Model], name: str, key: str) -> Filter:
    """One of the words that rows of this assembly have in an array of words."""

    def tags(term: Term) -> list[tuple[str, str]]:
        rows = model._base_manager.filter(assembly=term.assembly_id).values_list(name, flat=True).distinct()  # noqa: SLF001 -- documented API
        return [(tag, tag) for tag in sorted({tag for found in rows for tag in found})]

    return Filter(key, label_of(model, name), name, tags, where=lambda value: Q(**{f"{name}__contains": [value]}))
