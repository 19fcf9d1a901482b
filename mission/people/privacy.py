"""Retention of the team's posts: two years after a departure the account is not named, and the lines are deleted."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import months_later, retention
from mission.people.models import Allocation, CapacityPeriod, TeamPost

RETENTION_MONTHS = 24


def old_posts(now: datetime) -> QuerySet[TeamPost]:
    """Return the posts that ended two years ago and still hold personal data."""
    limit = months_later(timezone.localdate(now), -RETENTION_MONTHS)
    lines = Q(Exists(Allocation.objects.filter(row=OuterRef("pk")))) | Q(
        Exists(CapacityPeriod.objects.filter(row=OuterRef("pk")))
    )
    rows: QuerySet[TeamPost] = TeamPost.objects.filter(ends_on__lt=limit)
    return rows.filter(lines | Q(holder__isnull=False) | ~Q(notes=""))


@transaction.atomic
def erase_post(post: Any) -> None:
    """Erase the holder, the notes and the lines; the post itself stays."""
    Allocation.objects.filter(row=post).delete()
    CapacityPeriod.objects.filter(row=post).delete()
    TeamPost.objects.filter(pk=post.pk).update(holder=None, notes="")


retention(
    "mission.team_posts",
    _("Postes de l’équipe, deux ans après le départ"),
    find=old_posts,
    apply=erase_post,
)
