"""Draws that anybody may read: those announced, and how many people the last one chose from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from draws.draws.models import ComputationKind, ComputationState
from draws.models import Computation, Draw


def public_draws() -> QuerySet[Any]:
    """Return the announced draws that have a public page, with the hash of their lots; no list of volunteers."""
    portfolios = Computation.objects.filter(
        Q(ceiling=OuterRef("ceiling")) | Q(ceiling=None, draw__ceiling=None),
        draw=OuterRef("pk"),
        pool=OuterRef("pool"),
        kind=ComputationKind.PORTFOLIO,
        state=ComputationState.READY,
    )
    rows: QuerySet[Any] = Draw.objects.public().annotate(
        lots_sha256=Subquery(portfolios.order_by("-pk").values("lots_sha256")[:1])
    )
    rows = rows.filter(pool__isnull=False, lots_sha256__isnull=False).select_related("pool__quotas", "result")
    return rows.defer("pool__content", "pool__quotas__content").order_by("announced_at", "pk")


@dataclass(frozen=True)
class LastChances:
    """How many people were on the list of the last draw of members, for how many seats, and what its balls were."""

    reference: str
    people: int
    seats: int
    balls: str = ""
    drawn_at: datetime | None = None

    @property
    def tenths(self) -> int:
        """Return how many of ten people were drawn, at least one."""
        return max(1, min(10, round(10 * self.seats / self.people)))


def last_chances() -> LastChances | None:
    """Return those of the last draw that anybody may read, if it still counts."""
    rows = Draw.objects.public().of_main_assembly().filter(call__isnull=False, drawn_at__isnull=False, voided_at=None)
    draw = (
        rows.select_related("pool__quotas", "result")
        .defer("pool__content", "pool__quotas__content")
        .order_by("-drawn_at")
        .first()
    )
    if draw is None or draw.pool is None or not draw.pool.size:
        return None
    result = getattr(draw, "result", None)
    balls = result.balls if result else ""
    return LastChances(draw.reference, draw.pool.size, draw.pool.quotas.seats, balls, draw.drawn_at)
