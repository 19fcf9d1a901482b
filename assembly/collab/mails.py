"""The daily mail about texts: decisions on one's suggestions, comments addressed to one.

Events are collected by day, one mail a working morning, never one mail an event.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _, gettext_lazy

from assembly.collab import registry
from assembly.collab.models import Comment, SharedText, Suggestion, TextEvent, TextEventKind
from assembly.collab.queries import events_of_mail, is_obsolete, waiting_events
from assembly.identity.models import User
from assembly.notifications.actions import daily
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.text.french import of_name


@dataclass(frozen=True)
class TextDigestLine:
    """A line of the mail: the event, the text, the detail, the address."""

    what: str
    about: str
    detail: str
    url: str


class TextDigest(MessageKind):
    kind = "text-digest"
    template = "collab/mail/digest"
    label = gettext_lazy("Textes écrits à plusieurs : ce qui vous concerne")
    transactional = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        lines = list(dict.fromkeys(line_of(event) for event in events_of_mail(delivery.context["events"])))
        return {"lines": lines, "count": len(lines)}


def line_of(event: TextEvent) -> TextDigestLine:
    url = f"{settings.SITE_URL}{registry.address(event.text, event.user)}"
    return TextDigestLine(str(event.get_kind_display()), event.text.title, detail_of(event), url)


def detail_of(event: TextEvent) -> str:
    """Return the reason or the person; never words of the text or of a comment, since a mail passes many servers."""
    if event.suggestion is not None:
        reason = event.suggestion.reason
        return _("Motif : « %(reason)s »") % {"reason": reason} if reason else ""
    if event.comment is None or event.kind == TextEventKind.RESOLVED:
        return ""
    name = event.comment.author.get_full_name()
    directorate = event.comment.thread.directorate
    if event.kind == TextEventKind.ASSIGNED and directorate is not None:
        return _("Commentaire %(of_name)s, confié à votre direction : %(directorate)s.") % {
            "of_name": of_name(name),
            "directorate": directorate.name,
        }
    return _("De la part %(of_name)s.") % {"of_name": of_name(name)}


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
