"""What authors are told: gathered during the day, one mail a working morning, never one mail an event."""

from collections import defaultdict
from datetime import datetime, time

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.collab.enums import TextEventKind
from assembly.collab.models import Comment, SharedText, Suggestion, TextEvent
from assembly.collab.queries.digest import is_moot, waiting_events
from assembly.identity.models import User
from assembly.institution.models import Assembly
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.ui.words import date_words
from assembly.ui.working_days import is_quiet

LEAVES_AT = time(8, 0)
LOCK = 0x54455854  # « TEXT »


def tell(
    user: User,
    kind: TextEventKind,
    text: SharedText,
    *,
    key: str,
    suggestion: Suggestion | None = None,
    comment: Comment | None = None,
) -> TextEvent:
    """Add a line to the next daily mail of `user`; the same `key` for the same person is told once."""
    event, _made = TextEvent.objects.get_or_create(
        key=f"{key}:{user.pk}",
        defaults={"text": text, "user": user, "kind": kind, "suggestion": suggestion, "comment": comment},
    )
    return event


def send_all(now: datetime) -> int:
    """Send this morning's mails, unless it is too early or a day of rest. Returns how many people are written to."""
    local = timezone.localtime(now)
    if is_quiet(local) or local.time() < LEAVES_AT:
        return 0
    waiting = TextEvent.objects.filter(told_at=None, dropped_at=None).values("text__assembly")
    return sum(send(assembly, local) for assembly in Assembly.objects.filter(pk__in=waiting).defer("logo_png"))


@transaction.atomic
def send(assembly: Assembly, local: datetime) -> int:
    """One distribution a day and an assembly, whatever the number of clocks; after eight waits for the next day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, assembly.pk])
    key = f"text-digest:{assembly.pk}:{local.date()}"
    if Distribution.objects.filter(key=key).exists():
        return 0
    lines = _sort_out(assembly, timezone.make_aware(datetime.combine(local.date(), LEAVES_AT)))
    if not lines:
        return 0
    recipients = [Recipient(events[0].user.person, {"events": [event.pk for event in events]}) for events in lines]
    distribute(
        "text-digest",
        assembly,
        recipients,
        by=None,
        title=_("Textes écrits à plusieurs, %(day)s") % {"day": date_words(local.date())},
        key=key,
        assembly=assembly,
        letter=False,
    )
    told = [event.pk for events in lines for event in events]
    TextEvent.objects.filter(pk__in=told).update(told_at=timezone.now())
    return len(recipients)


def _sort_out(assembly: Assembly, cut: datetime) -> list[list[TextEvent]]:
    """Lines to tell, by person; those that mean nothing any more are dropped."""
    by_user: dict[int, list[TextEvent]] = defaultdict(list)
    dropped: list[int] = []
    for event in waiting_events(assembly, cut):
        if is_moot(event):
            dropped.append(event.pk)
        else:
            by_user[event.user_id].append(event)
    TextEvent.objects.filter(pk__in=dropped).update(dropped_at=timezone.now())
    return list(by_user.values())
