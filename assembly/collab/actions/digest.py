"""The daily mail to authors: events are collected by day, one mail a working morning, never one mail an event."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from assembly.collab.enums import TextEventKind
from assembly.collab.models import Comment, SharedText, Suggestion, TextEvent
from assembly.collab.queries import is_obsolete, waiting_events
from assembly.identity.models import User
from assembly.notifications.actions import daily


def add_event(
    user: User,
    kind: TextEventKind,
    text: SharedText,
    *,
    key: str,
    suggestion: Suggestion | None = None,
    comment: Comment | None = None,
) -> TextEvent:
    """Add a line to the next daily mail of `user`; the same `key` for the same person is added once."""
    event, _is_new = TextEvent.objects.get_or_create(
        key=f"{key}:{user.pk}",
        defaults={"text": text, "user": user, "kind": kind, "suggestion": suggestion, "comment": comment},
    )
    return event


DAILY = daily.Daily(
    kind="text-digest",
    lock=0x54455854,  # « TEXT »
    lines=TextEvent,
    assembly="text__assembly",
    title=gettext_lazy("Textes écrits à plusieurs, %(day)s"),
    waiting=waiting_events,
    is_obsolete=is_obsolete,
    scope=lambda assembly, lines: {"assembly": assembly},
)


def send_all(now: datetime) -> int:
    """Send this morning's mails, unless it is too early or a day of rest; return how many people get one."""
    return daily.send_all(DAILY, now)
