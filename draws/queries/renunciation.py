"""Renunciations once the list is frozen.
The list never changes: nobody who renounced is called any more, and if drawn, the rule names somebody else."""

from django.db.models import Exists, F, OuterRef, QuerySet

from draws.enums import CandidateState
from draws.models import Candidate, Draw, Placement, PoolEntry

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
