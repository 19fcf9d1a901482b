"""What apps above say about the objects of tasks: whose page it is, and who may be given what a sitting decided.

    add_person_page("members.Mandate", "member__person")
    add_owners("sittings.Sitting", invited_people)

Tasks and notes about the object of a person are that person’s data: exported, erased with the person, ended with the
term.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from assembly.identity.models import Person

_lookups: dict[str, str] = {"identity.User": "person"}


def add_person_page(label: str, lookup: str) -> None:
    """Name a kind of object ("app.Model") and the lookup from it to its person."""
    _lookups[label] = lookup


_owners: dict[str, Callable[[str], QuerySet[Person]]] = {}


def add_owners(label: str, people: Callable[[str], QuerySet[Person]]) -> None:
    """Name the people to whom a task that an object of this kind ("app.Model", by its key) decided may be given."""
    _owners[label] = people


def other_owners(row: Any) -> QuerySet[Person]:
    """Return the people outside the team to whom this task may be given."""
    people = _owners.get(row.object_type) if row.is_decided else None
    return people(row.object_id) if people else Person.objects.none()


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
