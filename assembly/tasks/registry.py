"""Whose page it is: apps above name the objects whose page is about one person, with the lookup to that person.

    add_person_page("members.Mandate", "member__person")

Tasks and notes about such an object are that person’s data: exported, erased with the person, ended with the term.
"""

from typing import Any

_lookups: dict[str, str] = {"identity.User": "person"}


def add_person_page(label: str, lookup: str) -> None:
    """Name a kind of object ("app.Model") and the lookup from it to its person."""
    _lookups[label] = lookup


def person_key_of(row: Any) -> int | None:
    """Return the key of the person whose page that of `row` is; None for anything else."""
    lookup = _lookups.get(row._meta.label)
    if not lookup:
        return None
    keys = type(row)._base_manager.filter(pk=row.pk).values_list(lookup, flat=True)
    return keys.first()


def is_person_page(row: Any) -> bool:
    """Return whether what is written about this object is about one person."""
    return row._meta.label in _lookups
