"""Queries of the support: what a directorate may ask and sees; counts for pages and indicators between two days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from assembly.identity.models import User
from assembly.institution.models import DIRECTORATE_ROLES, Directorate, Term
from assembly.institution.rules import directorate_ids, directorates_of, has_role
from assembly.text.french import alphabetical
from mission.support.models import PublicPolicy, SupportRequest, SupportState, Training


def can_see_requests(user: Any, term: Term) -> bool:
    """Return whether the user works in a directorate of the assembly of the term."""
    return has_role(user, DIRECTORATE_ROLES, assembly=term.assembly_id)


def asks_for(user: User, term: Term) -> Any:
    """Return the open directorates of this assembly where somebody works, in whose name they may ask."""
    rows = Directorate.objects.filter(assembly=term.assembly_id, closed_on=None)
    return rows.filter(pk__in=directorate_ids(user, DIRECTORATE_ROLES)).order_by("name__alphabetical", "pk")


def of_local_authorities(assembly: int, first: date, last: date) -> QuerySet[SupportRequest]:
    """Return the requests of EPCI and communes received in these days, in any state."""
    rows: QuerySet[SupportRequest] = SupportRequest.objects.filter(assembly=assembly, epci__isnull=False)
    return rows.filter(received_on__range=(first, last))


@dataclass(frozen=True)
class TerritoryLine:
    """EPCI with its communes: requests received, those delivered, sessions held and people present."""

    epci: int
    name: str
    requests: int
    delivered: int
    sessions: int
    attended: int


def by_epci(assembly: int, year: int) -> list[TerritoryLine]:
    """Return the requests received that year by EPCI, the most first. A merged double counts with the other one."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    requests = of_local_authorities(assembly, first, last).annotate(
        kept=Coalesce("epci__merged_into", "epci"), kept_name=Coalesce("epci__merged_into__name", "epci__name")
    )
    sessions = Training.objects.filter(row=OuterRef("pk"), attended__gt=0).order_by().values("row")
    rows = requests.annotate(
        request_sessions=Subquery(sessions.annotate(n=Count("pk")).values("n")),
        request_attended=Subquery(sessions.annotate(n=Sum("attended")).values("n")),
    )
    groups = rows.values("kept", "kept_name").annotate(
        n=Count("pk"),
        delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
        sessions=Coalesce(Sum("request_sessions"), 0),
        attended=Coalesce(Sum("request_attended"), 0),
    )
    return [
        TerritoryLine(row["kept"], row["kept_name"], row["n"], row["delivered"], row["sessions"], row["attended"])
        for row in groups.order_by("-n", "kept_name__alphabetical", "kept")
    ]


def years_asked(assembly: int) -> list[int]:
    """Return the years in which something was asked, the last first."""
    rows = SupportRequest.objects.filter(assembly=assembly).order_by()
    return sorted(set(rows.values_list("received_on__year", flat=True).distinct()), reverse=True)


def asked_by_own(user: Any) -> Any:
    """Return what the directorates of this user asked, by themselves or typed in by the team."""
    rows: QuerySet[SupportRequest] = SupportRequest.objects.filter(directorate__in=directorates_of(user))
    return rows.select_related("directorate", "assembly", "owner__person", "created_by__person")


def to_evaluate(user: Any, term: Any) -> QuerySet[SupportRequest]:
    """Return the delivered requests that the directorates of this user have not evaluated yet."""
    rows: QuerySet[SupportRequest] = SupportRequest.objects.filter(directorate__in=directorates_of(user))
    return rows.filter(assembly__terms=term, state=SupportState.DELIVERED, rating=None)


def can_be_corrected(row: SupportRequest) -> bool:
    """Return whether the request is neither answered nor followed by anybody of the mission yet."""
    return row.state == SupportState.RECEIVED and row.owner_id is None


def trainings_held(assembly: int, first: date, last: date) -> QuerySet[Training]:
    """Return the sessions in these days with somebody present."""
    sessions: QuerySet[Training] = Training.objects.filter(row__assembly=assembly, attended__gt=0)
    return sessions.filter(held_on__range=(first, last)).order_by("held_on", "pk")


@dataclass
class MapLine:
    """Directorate with the requests of each policy of the map, in the order of its columns."""

    directorate: Directorate
    cells: list[tuple[str, list[SupportRequest]]] = field(default_factory=list)


def led_by(rows: Iterable[Any]) -> tuple[list[str], list[MapLine]]:
    """Return, for « Qui a mené quoi », the policies that somebody worked on, and a line a directorate."""
    by_directorate: dict[Directorate, dict[str, list[SupportRequest]]] = {}
    for row in rows:
        by_directorate.setdefault(row.directorate, {}).setdefault(row.policy, []).append(row)
    used = [policy for policy in PublicPolicy if any(policy in cells for cells in by_directorate.values())]
    lines = [
        MapLine(directorate, [(str(policy.label), cells.get(policy, [])) for policy in used])
        for directorate, cells in sorted(by_directorate.items(), key=lambda pair: alphabetical(pair[0].name))
    ]
    return [str(policy.label) for policy in used], lines


def asked_by_directorates(rows: QuerySet[SupportRequest]) -> QuerySet[SupportRequest]:
    """Return those asked by a directorate, without the ones refused or withdrawn."""
    asked = rows.filter(directorate__isnull=False).exclude(state=SupportState.DECLINED)
    return asked.order_by("received_on", "pk")
