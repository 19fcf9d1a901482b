"""What is counted of the support, for pages and indicators: between two days, both included."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, FloatField, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce

from assembly.institution.models import Directorate
from mission.support.enums import PublicPolicy
from mission.support.models import ANSWERED_NO, SupportRequest, Training


def of_local_authorities(assembly: int, first: date, last: date) -> QuerySet[SupportRequest]:
    """Requests of EPCI and communes received in these days, whatever became of them."""
    rows: QuerySet[SupportRequest] = SupportRequest.objects.filter(assembly=assembly, epci__isnull=False)
    return rows.filter(received_on__range=(first, last))


def count_by_epci(assembly: int, first: date, last: date) -> list[tuple[str, int]]:
    """Name and requests of each EPCI, its communes with it, the most first. A double counts with the one kept."""
    kept = of_local_authorities(assembly, first, last).annotate(
        kept=Coalesce("epci__merged_into", "epci"), kept_name=Coalesce("epci__merged_into__name", "epci__name")
    )
    rows = kept.values("kept", "kept_name").annotate(n=Count("pk")).order_by("-n", "kept_name", "kept")
    return [(row["kept_name"], row["n"]) for row in rows]


def trainings_held(assembly: int, first: date, last: date) -> QuerySet[Training]:
    """Sessions with somebody present."""
    held: QuerySet[Training] = Training.objects.filter(row__assembly=assembly, attended__gt=0)
    return held.filter(held_on__range=(first, last)).order_by("held_on", "pk")


@dataclass(frozen=True)
class TrainingFigures:
    """`satisfaction`: of all who answered, each counting once; None where nobody did. `rate`: None where nobody
    registered."""

    sessions: int
    registered: int
    attended: int
    answers: int
    satisfaction: float | None

    @property
    def rate(self) -> float | None:
        return self.attended / self.registered if self.registered else None


def training_figures(assembly: int, first: date, last: date) -> TrainingFigures:
    rows = trainings_held(assembly, first, last).annotate(
        weight=F("answers") * Cast("satisfaction", FloatField()), people=F("answers")
    )
    found = rows.aggregate(
        sessions=Count("pk"),
        registered=Coalesce(Sum("registered"), 0),
        attended=Coalesce(Sum("attended"), 0),
        answers=Coalesce(Sum("people"), 0),
        weighed=Sum("weight"),
    )
    weighed = found.pop("weighed")
    return TrainingFigures(**found, satisfaction=weighed / found["answers"] if found["answers"] else None)


@dataclass
class MapLine:
    """One directorate: the requests of each policy of the map, in the order of its columns."""

    directorate: Directorate
    cells: list[tuple[str, list[SupportRequest]]] = field(default_factory=list)


def led_by(rows: Iterable[Any]) -> tuple[list[str], list[MapLine]]:
    """« Qui a mené quoi »: the policies that somebody worked on, and a line a directorate."""
    found: dict[Directorate, dict[str, list[SupportRequest]]] = {}
    for row in rows:
        found.setdefault(row.directorate, {}).setdefault(row.policy, []).append(row)
    used = [policy for policy in PublicPolicy if any(policy in cells for cells in found.values())]
    lines = [
        MapLine(directorate, [(str(policy.label), cells.get(policy, [])) for policy in used])
        for directorate, cells in sorted(found.items(), key=lambda pair: pair[0].name)
    ]
    return [str(policy.label) for policy in used], lines


def asked_by_directorates(rows: QuerySet[SupportRequest]) -> QuerySet[SupportRequest]:
    """Of these, what a directorate asked and was not refused."""
    return rows.filter(directorate__isnull=False).exclude(state__in=ANSWERED_NO).order_by("received_on", "pk")
