"""Reading people: names for the journal, people by address."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from assembly.identity.models import Person


def names_of(pseudonyms: Iterable[UUID]) -> Mapping[UUID, str]:
    """Full names by pseudonym; erased people are absent."""
    rows = Person.objects.filter(pseudonym__in=list(pseudonyms), anonymised_at=None)
    return {person.pseudonym: person.full_name for person in rows}
