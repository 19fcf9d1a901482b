"""Reading people: names for the journal, people by address, the people of a demonstration."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from assembly.identity.models import Person, User

DEMO_DOMAIN = "@demo.example.org"


def names_of(pseudonyms: Iterable[UUID]) -> Mapping[UUID, str]:
    """Full names by pseudonym; erased people are absent."""
    rows = Person.objects.filter(pseudonym__in=list(pseudonyms), anonymised_at=None)
    return {person.pseudonym: person.full_name for person in rows}


def demo_accounts() -> QuerySet[User]:
    """Accounts that the sign-in page offers in one click on a demonstration."""
    return User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True).select_related("person").order_by("pk")


def display_name(user: User) -> str:
    """How the account pages name their reader."""
    return user.person.full_name
