"""After the draw: who has a mandate, which seats fell vacant, whom the written rule names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from draws.draws.models import require_row
from draws.models import Candidate, Draw, Placement
from draws.queries.draw import DrawOutcome, cell_feature, outcome_of
from draws.queries.renunciation import renounced_entries, standing_entries
from members.enums import EndReason, MandateState
from members.sortition.instance import Instance
from members.sortition.protocol import ALTERNATES, rank
from members.sortition.replacement import Composition, Succession, Successor, succeed


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
