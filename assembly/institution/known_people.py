"""People an assembly knows: those of its roles and committees, and those that other apps add (members, contacts).

    add_known_people(lambda term: Mandate.objects.filter(term__assembly=term.assembly_id).values("member__person"))

A person of another assembly of the same installation is never included.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from assembly.institution.models import CommitteeMembership, Invitation, RoleAssignment, Term

Provider = Callable[[Term], Any]
_providers: list[Provider] = [
    lambda term: RoleAssignment.objects.filter(assembly_id=term.assembly_id).values("user__person"),
    lambda term: Invitation.objects.filter(assembly_id=term.assembly_id).values("person"),
    lambda term: CommitteeMembership.objects.filter(committee__term__assembly=term.assembly_id).values("person"),
]


def add_known_people(provider: Provider) -> None:
    """Add people: provider(term) returns a queryset of one column, the ids of persons."""
    _providers.append(provider)


def known_in(term: Term) -> Q:
    """Return the filter on Person."""
    known = Q(pk__in=[])
    for provider in _providers:
        known |= Q(pk__in=provider(term))
    return known
