"""Queries of minority positions: those annexed to an opinion, those of one reader, names in a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from assembly.identity.models import User
from assembly.institution.models import Role, RoleAssignment, Term
from opinions.models import MinorityCosigner, MinorityPosition, Opinion, PositionState
from opinions.opinions.queries import everybody
from sessions.minutes.rules import PrivatePersons, Redactor, named_in

P = PositionState


@dataclass(frozen=True)
class Annexed:
    """A position as it is printed: title, text, names of its signers."""

    title: str
    body: str
    signers: list[str]


def full(rows: QuerySet[MinorityPosition]) -> QuerySet[MinorityPosition]:
    signed = (
        MinorityCosigner.objects.filter(withdrawn_at=None).select_related("user__person").order_by("signed_at", "pk")
    )
    related = rows.select_related("opinion__term__assembly", "author__person", "recorded_by__person")
    return related.prefetch_related(Prefetch("cosigners", queryset=signed))


def submitted(opinion: Opinion) -> list[MinorityPosition]:
    """Return the positions that are annexed, in the order of their submission."""
    rows = MinorityPosition.objects.filter(opinion=opinion, state=P.SUBMITTED)
    return list(full(rows).order_by("submitted_at", "pk"))


def of(opinion: Opinion) -> list[Annexed]:
    """Return the positions that the documents print."""
    return [Annexed(row.title, row.body, signers(row)) for row in submitted(opinion)]


def signers(position: MinorityPosition) -> list[str]:
    """Return the names of the author and of those who signed, the author first."""
    return [position.author.get_full_name(), *(row.user.get_full_name() for row in position.cosigners.all())]


def readable_positions(user: Any) -> QuerySet[MinorityPosition]:
    """Return the submitted positions on opinions that the reader sees, and the reader's own in any state."""
    seen = Opinion.objects.visible_to(user).values("pk")
    return full(MinorityPosition.objects.filter(opinion__in=seen).filter(Q(state=P.SUBMITTED) | Q(author=user.pk)))


def possible_authors(term: Term | int) -> QuerySet[User]:
    """Return the members in office who have an account, since a position always belongs to somebody."""
    roles = RoleAssignment.objects.filter(term=term, role=Role.MEMBER, ended_at=None)
    return User.objects.filter(pk__in=roles.values("user")).select_related("person").order_by("person__sort_name")


def names_in(opinion: Opinion, text: str, *, spared: Iterable[int]) -> list[str]:
    """Return the members that the text names, except its signers; `spared` are keys of persons."""
    spared_keys = set(spared)
    people = [
        PrivatePersons(person.first_name, person.last_name)
        for person in everybody(opinion)
        if person.pk not in spared_keys
    ]
    return Redactor(named_in(people, text)).names_in(text)
