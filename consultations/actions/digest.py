"""What agents are told: gathered during the day, one mail a working morning, never one mail an event."""

from collections import defaultdict
from datetime import datetime, time

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.identity.models import User
from assembly.institution.models import Assembly
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.ui.words import date_words
from assembly.ui.working_days import is_quiet
from consultations.enums import DeskEventKind
from consultations.models import DeskEvent, DirectorateReview, Referral, ThreadMessage
from consultations.queries.digest import is_moot, waiting_events

LEAVES_AT = time(8, 0)
LOCK = 0x4445534B  # « DESK »


def tell(
    user: User,
    kind: DeskEventKind,
    referral: Referral,
    *,
    key: str,
    review: DirectorateReview | None = None,
    message: ThreadMessage | None = None,
    at: datetime | None = None,
) -> DeskEvent:
    """Add a line to the next daily mail of `user`; the same `key` for the same person is told once."""
    event, _made = DeskEvent.objects.get_or_create(
        key=f"{key}:{user.pk}",
        defaults={
            "term_id": referral.term_id,
            "user": user,
            "kind": kind,
            "referral": referral,
            "review": review,
            "message": message,
            "happened_at": at or timezone.now(),
        },
    )
    return event


def send_all(now: datetime) -> int:
    """Send this morning's mails, unless it is too early or a day of rest. Returns how many people are written to."""
    local = timezone.localtime(now)
    if is_quiet(local) or local.time() < LEAVES_AT:
        return 0
    waiting = DeskEvent.objects.filter(told_at=None, dropped_at=None).values("term__assembly")
    return sum(send(assembly, local) for assembly in Assembly.objects.filter(pk__in=waiting).defer("logo_png"))


@transaction.atomic
def send(assembly: Assembly, local: datetime) -> int:
    """One distribution a day and an assembly: whatever the number of clocks, and after a crash, it leaves once.

    What happened after eight waits for the next morning.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, assembly.pk])
    key = f"desk-digest:{assembly.pk}:{local.date()}"
    if Distribution.objects.filter(key=key).exists():
        return 0
    lines = _sort_out(assembly, timezone.make_aware(datetime.combine(local.date(), LEAVES_AT)))
    if not lines:
        return 0
    recipients = [Recipient(events[0].user.person, {"events": [event.pk for event in events]}) for events in lines]
    distribute(
        "desk-digest",
        assembly,
        recipients,
        by=None,
        title=_("Avis des directions, %(day)s") % {"day": date_words(local.date())},
        key=key,
        term=max((events[0].term for events in lines), key=lambda term: term.number),
        letter=False,
    )
    told = [event.pk for events in lines for event in events]
    DeskEvent.objects.filter(pk__in=told).update(told_at=timezone.now())
    return len(recipients)


def _sort_out(assembly: Assembly, cut: datetime) -> list[list[DeskEvent]]:
    """Lines to tell, by person; those that mean nothing any more are dropped."""
    by_user: dict[int, list[DeskEvent]] = defaultdict(list)
    dropped: list[int] = []
    for event in waiting_events(assembly, cut):
        if is_moot(event):
            dropped.append(event.pk)
        else:
            by_user[event.user_id].append(event)
    DeskEvent.objects.filter(pk__in=dropped).update(dropped_at=timezone.now())
    return list(by_user.values())
