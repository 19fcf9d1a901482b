"""People drawn who are to be called again, and the result of their last call."""

from typing import Any

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery

from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Term
from assembly.institution.rules import term_ids
from draws.models import ConfirmationCall, Draw, Placement
from members.enums import MandateState


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
