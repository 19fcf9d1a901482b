"""After the draw: who has a mandate, which seats fell vacant, whom the written rule names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from draws.enums import CandidateState
from draws.models import Candidate, Draw, Placement
from draws.queries.draw import DrawOutcome, cell_feature, outcome_of
from members.enums import EndReason
from members.models.mandate import CLOSED_STATES, OPEN_STATES
from members.sortition.instance import Instance
from members.sortition.protocol import ALTERNATES, rank
from members.sortition.replacement import Composition, Succession, Successor, succeed


def drawn_without_mandate(draw: Draw, outcome: DrawOutcome) -> list[tuple[str, Candidate]]:
    """Those whose application is still there, in the order of their pseudonyms."""
    placed = set(Placement.objects.filter(draw=draw.pk).values_list("pseudonym", flat=True))
    entries = outcome.result.portfolio.pool.entries if outcome.result.portfolio.pool else None
    rows = entries.select_related("candidate__canton").filter(pseudonym__in=outcome.members) if entries else []
    return [(row.pseudonym, row.applicant) for row in rows if row.pseudonym not in placed]


def vacated_placements(draw: Draw) -> QuerySet[Placement]:
    """Seats of the draw that nobody holds any more, in the order of their leaving; the end of a term empties none."""
    rows = Placement.objects.filter(draw=draw.pk, mandate__state__in=CLOSED_STATES, successor=None)
    rows = rows.exclude(mandate__end_reason=EndReason.TERM_END)
    return rows.select_related("mandate__seat__canton", "mandate__member__person").order_by("mandate__ended_on", "pk")


def rule_order(instance: Instance) -> list[str]:
    """The order in which quotas are kept when all cannot be: the cell first, then profession, then age."""
    first = cell_feature(instance)
    wanted = [first, "canton", "sexe", "csp", "age"]
    known = [name for name in wanted if name in instance.features]
    return list(dict.fromkeys([*known, *instance.features]))


@dataclass(frozen=True)
class Replacements:
    """What the rule says of every vacant seat at once."""

    vacated: Sequence[Placement]
    succession: Succession

    @property
    def pairs(self) -> list[tuple[Placement, Successor]]:
        by_id = {row.pseudonym: row for row in self.vacated}
        return [(by_id[one.vacated], one) for one in self.succession.successors]


def replacements(draw: Draw) -> Replacements | None:
    """None where no seat is vacant, or the draw has no result."""
    outcome = outcome_of(draw)
    vacated = list(vacated_placements(draw))
    if outcome is None or not vacated:
        return None
    instance = outcome.instance
    sitting = Placement.objects.filter(draw=draw.pk, mandate__state__in=OPEN_STATES).values_list(
        "pseudonym", flat=True
    )
    found = succeed(
        instance,
        sitting=sorted(sitting),
        vacated=[row.pseudonym for row in vacated],
        available=available_ids(draw, outcome),
        order=rule_order(instance),
    )
    return Replacements(vacated, found)


def available_ids(draw: Draw, outcome: DrawOutcome) -> list[str]:
    """Everybody who was not drawn and is still a volunteer, in the order of the public seed."""
    placed = set(Placement.objects.filter(draw=draw.pk).values_list("pseudonym", flat=True)) | set(outcome.members)
    pool = outcome.result.portfolio.pool
    entries = pool.entries.exclude(candidate__state=CandidateState.WITHDRAWN) if pool else None
    ids = set(entries.values_list("pseudonym", flat=True)) - placed if entries is not None else set()
    return rank(bytes.fromhex(outcome.result.seed), ALTERNATES, ids)


def findings_of(pair: Successor, succession: Succession, order: Sequence[str]) -> dict[str, Any]:
    """What is kept of a replacement: the order written before, whom it looked at, the panel before and after."""
    return {
        "order": list(order),
        "considered": [{"id": one.id, "excess": list(one.excess)} for one in pair.considered],
        "before": composition_json(succession.before),
        "after": composition_json(succession.after),
    }


def composition_json(found: Composition) -> dict[str, Any]:
    counts = [[feature, value, count] for (feature, value), count in sorted(found.counts.items())]
    return {"counts": counts, "excess": list(found.excess)}
