"""Names of those whose pseudonyms were drawn: first name, initial and commune (domain.md B3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from draws.draws.models import require_row
from draws.models import Draw, PoolEntry
from draws.queries.draw import DrawOutcome
from draws.queries.internal import Holder, holders


@dataclass(frozen=True)
class DrawnName:
    """Somebody on the room display or on the public page; whoever renounced is not named."""

    pseudonym: str
    name: str
    city: str


@dataclass(frozen=True)
class DrawnCanton:
    number: int
    name: str
    people: Sequence[DrawnName]


def name_of(one: Holder) -> DrawnName:
    member = one.mandate.member
    return DrawnName(one.pseudonym, member.person.public_name, member.canton.name)


def revealed_cantons(draw: Draw, outcome: DrawOutcome) -> list[DrawnCanton]:
    """Return the names by canton, in the order of their numbers, then of first names; an internal draw is one list."""
    if draw.is_internal:
        return [DrawnCanton(0, draw.title, [name_of(one) for one in require_row(holders(draw)).people])]
    rows = (
        PoolEntry.objects.filter(pool=outcome.result.portfolio.pool_id, pseudonym__in=outcome.members)
        .select_related("candidate__canton")
        .order_by("candidate__canton__number", "candidate__first_name__alphabetical", "pseudonym")
    )
    cantons: dict[int, list[DrawnName]] = {}
    names: dict[int, str] = {}
    for row in rows:
        candidate, canton = row.applicant, row.applicant.canton
        if canton is None:
            continue
        names[canton.number] = canton.name
        person = DrawnName(row.pseudonym, f"{candidate.first_name} {candidate.last_name[:1]}.", candidate.city)
        if candidate.renounced_on:
            person = DrawnName(row.pseudonym, _("A renoncé"), _("la règle désigne une autre personne"))
        cantons.setdefault(canton.number, []).append(person)
    return [DrawnCanton(number, names[number], people) for number, people in cantons.items()]
