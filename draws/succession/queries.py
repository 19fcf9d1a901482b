"""Who renounced, who is to be called again, and whom the rule names for a vacant seat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.rules import term_ids
from draws.draws.models import require_row
from draws.draws.queries.draw import DrawOutcome, cell_feature, outcome_of
from draws.models import Candidate, CandidateState, ConfirmationCall, Draw, Placement, PoolEntry
from members.enums import EndReason, MandateState
from members.sortition.instance import Instance
from members.sortition.protocol import ALTERNATES, rank
from members.sortition.replacement import Composition, Succession, Successor, succeed

REMINDER = "drawn-reminder"

PLACED = Placement.objects.filter(draw=OuterRef("pool__draw"), pseudonym=OuterRef("pseudonym"))


def may_renounce(row: Candidate) -> bool:
    """Return whether they are in the frozen list without a proposed seat: with one they decline the mandate."""
    if row.state not in CandidateState.tagged("listed") or row.renounced_on is not None:
        return False
    return not row.pool_entries.filter(Exists(PLACED), pool=F("pool__draw__pool")).exists()


def renounced_entries(draw: Draw) -> QuerySet[PoolEntry]:
    """Return the lines of the list that counts whose person renounced, the first one first."""
    rows = PoolEntry.objects.filter(pool=draw.pool_id, candidate__renounced_on__isnull=False)
    return rows.select_related("candidate__canton").order_by("candidate__renounced_on", "pseudonym")


def standing_entries(draw: Draw) -> QuerySet[PoolEntry]:
    """Return the lines of the list that counts whose person still takes part."""
    return PoolEntry.objects.filter(pool=draw.pool_id, candidate__renounced_on=None)


def with_last_call(rows: QuerySet[Placement]) -> QuerySet[Any]:
    """Annotate `last_outcome`, `last_at`, `again_on` of the last call, None where nobody called."""
    last = ConfirmationCall.objects.filter(placement=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        last_outcome=Subquery(last.values("outcome")[:1]),
        last_at=Subquery(last.values("at")[:1]),
        again_on=Subquery(last.values("call_again_on")[:1]),
    )


def to_call_again(rows: QuerySet[Placement]) -> QuerySet[Any]:
    """Return those whose answer is awaited and whose last call named a day, the nearest day first."""
    waiting = with_last_call(rows).filter(mandate__state=MandateState.PROPOSED, again_on__isnull=False)
    return waiting.order_by("again_on", "pk")


def awaited(draw: Draw) -> QuerySet[Placement]:
    """Return those who were proposed a mandate and gave no answer."""
    return Placement.objects.filter(draw=draw.pk, mandate__state=MandateState.PROPOSED)


def draws_to_call_again(user: Any, term: Term | int) -> QuerySet[Any]:
    """Return the draws of the term with people to call again: `calls` of them, the first one on `first_day`."""
    rows = to_call_again(Placement.objects.filter(draw=OuterRef("pk"))).order_by().values("draw")
    draws = Draw.objects.filter(call__term=term, call__term__in=term_ids(user, TEAM_ROLES))
    counted, nearest = rows.annotate(n=Count("pk")).values("n"), rows.annotate(day=Min("again_on")).values("day")
    return draws.annotate(calls=Subquery(counted), first_day=Subquery(nearest)).filter(calls__gt=0)


def drawn_without_mandate(draw: Draw, outcome: DrawOutcome) -> list[tuple[str, Candidate]]:
    """Return those drawn who have an application and did not renounce, in the order of their pseudonyms."""
    placed = set(Placement.objects.filter(draw=draw.pk).values_list("pseudonym", flat=True))
    rows = standing_entries(draw).select_related("candidate__canton").filter(pseudonym__in=outcome.members)
    return [(row.pseudonym, row.applicant) for row in rows if row.pseudonym not in placed]


def vacated_placements(draw: Draw) -> QuerySet[Placement]:
    """Return the seats of the draw that fell vacant, by day of leaving; the end of a term vacates none."""
    rows = Placement.objects.filter(draw=draw.pk, mandate__state__in=MandateState.tagged("closed"), successor=None)
    rows = rows.exclude(mandate__end_reason=EndReason.TERM_END)
    return rows.select_related("mandate__seat__canton", "mandate__member__person").order_by("mandate__ended_on", "pk")


@dataclass(frozen=True)
class Vacancy:
    """Seat of the draw that nobody holds.
    `placement`: its mandate ended; or `candidate`: drawn, but renounced before any mandate was proposed."""

    pseudonym: str
    placement: Placement | None = None
    candidate: Candidate | None = None

    @property
    def seat_label(self) -> str:
        if self.placement:
            mandate = self.placement.mandate
            names = {"seat": mandate.seat_label, "name": mandate.member.person.full_name}
            return _("Siège %(seat)s, après %(name)s") % names
        return _("Siège libre, %(name)s a renoncé") % {"name": require_row(self.candidate).full_name}


def seats_to_fill(draw: Draw, outcome: DrawOutcome) -> list[Vacancy]:
    """Return the vacancies in the order of leaving: first those who renounced."""
    rows = Placement.objects.filter(draw=draw.pk)
    taken = {name for pair in rows.values_list("pseudonym", "instead_of") for name in pair}
    drawn = set(outcome.members) - taken
    renounced = [row for row in renounced_entries(draw) if row.pseudonym in drawn]
    return [
        *(Vacancy(row.pseudonym, candidate=row.candidate) for row in renounced),
        *(Vacancy(row.pseudonym, placement=row) for row in vacated_placements(draw)),
    ]


def has_vacancies(draw: Draw) -> bool:
    """Return whether the rule has a seat to fill again."""
    if vacated_placements(draw).exists():
        return True
    outcome = outcome_of(draw) if renounced_entries(draw).exists() else None
    return outcome is not None and bool(seats_to_fill(draw, outcome))


def rule_order(instance: Instance) -> list[str]:
    """Return the order in which quotas hold when all cannot: the cell first, then profession, then age."""
    first = cell_feature(instance)
    preferred = [first, "canton", "sexe", "csp", "age"]
    known = [name for name in preferred if name in instance.features]
    return list(dict.fromkeys([*known, *instance.features]))


@dataclass(frozen=True)
class Replacements:
    """Result of the rule for every vacant seat at once."""

    vacated: Sequence[Vacancy]
    succession: Succession

    @property
    def pairs(self) -> list[tuple[Vacancy, Successor]]:
        by_id = {row.pseudonym: row for row in self.vacated}
        return [(by_id[one.vacated], one) for one in self.succession.successors]


def replacements(draw: Draw) -> Replacements | None:
    """Return what the rule decides; None where no seat is vacant, or the draw has no result."""
    outcome = outcome_of(draw)
    vacated = seats_to_fill(draw, outcome) if outcome else []
    if outcome is None or not vacated:
        return None
    instance = outcome.instance
    occupied = Placement.objects.filter(draw=draw.pk, mandate__state__in=MandateState.tagged("open"))
    sitting = set(occupied.values_list("pseudonym", flat=True))
    sitting |= {pseudonym for pseudonym, _candidate in drawn_without_mandate(draw, outcome)}
    succession = succeed(
        instance,
        sitting=sorted(sitting),
        vacated=[row.pseudonym for row in vacated],
        available=available_ids(draw, outcome),
        order=rule_order(instance),
    )
    return Replacements(vacated, succession)


def available_ids(draw: Draw, outcome: DrawOutcome) -> list[str]:
    """Return everybody who was not drawn and did not renounce, in the order of the public seed."""
    placed = set(Placement.objects.filter(draw=draw.pk).values_list("pseudonym", flat=True)) | set(outcome.members)
    ids = set(standing_entries(draw).values_list("pseudonym", flat=True)) - placed
    return rank(bytes.fromhex(outcome.result.seed), ALTERNATES, ids)


def findings_of(pair: Successor, succession: Succession, order: Sequence[str]) -> dict[str, Any]:
    """Return what is stored of a replacement: the written order, whom it considered, the panel before and after."""
    return {
        "order": list(order),
        "considered": [{"id": one.id, "excess": list(one.excess)} for one in pair.considered],
        "before": composition_json(succession.before),
        "after": composition_json(succession.after),
    }


def composition_json(composition: Composition) -> dict[str, Any]:
    counts = [[feature, value, count] for (feature, value), count in sorted(composition.counts.items())]
    return {"counts": counts, "excess": list(composition.excess)}
