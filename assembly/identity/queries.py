"""Queries of people: names for the journal, what is stored about a person."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from assembly.identity.models import Person, User
from assembly.identity.personal_data import registry


def names_of(pseudonyms: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return full names by pseudonym, without erased people."""
    rows = Person.objects.filter(pseudonym__in=list(pseudonyms), anonymised_at=None)
    return {person.pseudonym: person.full_name for person in rows}


def display_name(user: User) -> str:
    """Return the name that the account pages show to their reader."""
    return user.person.full_name


def stored_about(person: Person) -> list[dict[str, Any]]:
    """Count what is stored about `person`, by kind, with what is retained after an erasure and why."""
    kinds = []
    for declaration in registry.declarations.values():
        count = declaration.rows(person).count()
        if count:
            reasons = {str(rule.reason) for rule in declaration.fields.values() if rule.exported and not rule.erases}
            kinds.append(
                {
                    "name": declaration.name or declaration.model._meta.verbose_name,
                    "count": count,
                    "goes": declaration.deletes_rows,
                    "reasons": [] if declaration.deletes_rows else sorted(reasons),
                }
            )
    return kinds
