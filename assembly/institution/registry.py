"""What apps above add to the institution: open dossiers, known people, guards of roles.

    add_open_dossiers(OpenDossiers("sittings", _("séances à préparer"), count, reassign))
    add_known_people(lambda term: Mandate.objects.filter(term__assembly=term.assembly_id).values("member__person"))
    add_role_guard(holds_mandate)

Open dossiers pass to another agent (« Passer les dossiers »): `count(user, term) -> int` counts them;
`reassign(user, to, term, by) -> int` passes them (through the app's own action, which writes its own lines of the
journal) and returns how many. An assembly knows the people of its roles and committees, and those that apps add
(members, contacts); a person of another assembly of the same installation is never included. A guard names why a role
does not end by itself: another row holds the same right, and ends it with its own action.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from assembly.identity.models import User
from assembly.institution.models import CommitteeMembership, Invitation, RoleAssignment, Term


@dataclass(frozen=True)
class OpenDossiers:
    """Kind of open dossier, with its label and functions."""

    key: str
    label: Any
    count: Callable[[User, Term], int]
    reassign: Callable[[User, User, Term, User], int]


_registered: dict[str, OpenDossiers] = {}


def add_open_dossiers(dossiers: OpenDossiers) -> None:
    _registered[dossiers.key] = dossiers


def open_dossiers(user: User, term: Term) -> list[tuple[OpenDossiers, int]]:
    """Count what `user` still holds in `term`, without the kinds that have none."""
    counted = [(dossiers, dossiers.count(user, term)) for dossiers in _registered.values()]
    return [(dossiers, count) for dossiers, count in counted if count]


def reassign_dossiers(user: User, to: User, term: Term, by: User) -> dict[str, int]:
    """Pass every open dossier; return how many by kind."""
    return {dossiers.key: dossiers.reassign(user, to, term, by) for dossiers, _ in open_dossiers(user, term)}


Provider = Callable[[Term], Any]
_providers: list[Provider] = [
    lambda term: RoleAssignment.objects.filter(assembly_id=term.assembly_id).values("user__person"),
    lambda term: Invitation.objects.filter(assembly_id=term.assembly_id).values("person"),
    lambda term: CommitteeMembership.objects.filter(committee__term__assembly=term.assembly_id).values("person"),
]


def add_known_people(provider: Provider) -> None:
    """Add people: provider(term) returns a queryset of one column, the ids of persons."""
    _providers.append(provider)


def people_known_in(term: Term) -> Q:
    """Return the filter on Person."""
    known = Q(pk__in=[])
    for provider in _providers:
        known |= Q(pk__in=provider(term))
    return known


type RoleGuard = Callable[[RoleAssignment], str]
GUARDS: list[RoleGuard] = []


def add_role_guard(guard: RoleGuard) -> None:
    """Register, from an app above, a function that returns why a role stays, or an empty string."""
    if guard not in GUARDS:
        GUARDS.append(guard)


def reason_to_keep(assignment: RoleAssignment) -> str:
    """Return the first reason for which this role may not be ended, or an empty string."""
    return next((str(reason) for guard in GUARDS if (reason := guard(assignment))), "")
