"""Reading people: names for the journal, what is held about a person."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from assembly.identity.models import Person, User
from assembly.identity.personal_data import registry


def names_of(pseudonyms: Iterable[UUID]) -> Mapping[UUID, str]:
    """Full names by pseudonym; erased people are absent."""
    rows = Person.objects.filter(pseudonym__in=list(pseudonyms), anonymised_at=None)
    return {person.pseudonym: person.full_name for person in rows}


def display_name(user: User) -> str:
    """How the account pages name their reader."""
    return user.person.full_name


def held_about(person: Person) -> list[dict[str, Any]]:
    """What the house holds about `person`, kind by kind: how many, and what stays after an erasure and why."""
    found = []
    for declaration in registry.declarations.values():
        count = declaration.rows(person).count()
        if count:
            reasons = {str(rule.reason) for rule in declaration.fields.values() if rule.exported and not rule.erases}
            found.append(
                {
                    "name": declaration.name or declaration.model._meta.verbose_name,  # noqa: SLF001 -- documented API
                    "count": count,
                    "goes": declaration.rows_go,
                    "reasons": [] if declaration.rows_go else sorted(reasons),
                }
            )
    return found
