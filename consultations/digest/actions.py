"""Daily mail of the agents: events are gathered during the day; one mail a working morning, never one an event."""

from datetime import datetime

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.notifications.actions import daily
from consultations.digest.queries import is_obsolete, waiting_events
from consultations.models import DeskEvent, DigestKind, DirectorateReview, Referral, ThreadMessage


def add_digest_line(
    user: User,
    kind: DigestKind,
    referral: Referral,
    *,
    key: str,
    review: DirectorateReview | None = None,
    message: ThreadMessage | None = None,
    target: Model | None = None,
    at: datetime | None = None,
) -> bool:
    """Add a line to the next daily mail of `user`, once for each `key` and person; return whether it is new.

    `target`: a row of an app above, which formats the line (`consultations.digest.queries`).
    """
    _event, is_new = DeskEvent.objects.get_or_create(
        key=f"{key}:{user.pk}",
        defaults={
            "term_id": referral.term_id,
            "user": user,
            "kind": kind,
            "referral": referral,
            "review": review,
            "message": message,
            "target_type": target._meta.label if target else "",
            "target_id": target.pk if target else None,
            "happened_at": at or timezone.now(),
        },
    )
    return is_new


DAILY = daily.Daily(
    kind="desk-digest",
    lock=0x4445534B,  # « DESK »
    lines=DeskEvent,
    assembly="term__assembly",
    title=gettext_lazy("Contributions des directions, %(day)s"),
    waiting=waiting_events,
    is_obsolete=is_obsolete,
    scope=lambda assembly, lines: {"term": max((line.term for line in lines), key=lambda term: term.number)},
)


def send_all(now: datetime) -> int:
    """Send this morning's mails, unless it is too early or a day of rest; return the number of recipients."""
    return daily.send_all(DAILY, now)
