"""Personal data in the register of the team: the post, its working time and what it works on.

Two years after a departure the account is no longer named, and the lines are deleted.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import months_later, personal, retain_all, retention
from mission.people.models import Allocation, CapacityPeriod, TeamPost

RETENTION_MONTHS = 24
WRITING = retain_all("version", "created_by", "changed_by", exported=False) | retain_all("created_at", "changed_at")
WORK = _("organisation du travail de l’équipe, jusqu’à deux ans après le départ")
personal(
    TeamPost,
    name=_("Votre poste dans l’équipe de la mission"),
    owner="holder__person",
    fields={
        **retain_all("name", "reference", "state", "capacity", "starts_on", "ends_on", "notes", reason=WORK),
        **retain_all("assembly", "owner", "due_on", exported=False),
        **WRITING,
    },
)
personal(
    Allocation,
    name=_("Ce sur quoi vous travaillez"),
    owner="row__holder__person",
    fields={
        **retain_all("operation", "sitting", "referral", "topic", "percent", "starts_on", "ends_on", reason=WORK),
        **WRITING,
    },
)
personal(
    CapacityPeriod,
    name=_("Vos périodes à un autre temps de travail"),
    owner="row__holder__person",
    fields={**retain_all("percent", "starts_on", "ends_on", reason=WORK), **WRITING},
)


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
