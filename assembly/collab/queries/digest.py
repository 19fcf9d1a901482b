"""Queries of the daily mail: unsent events, and which of them are obsolete."""

from datetime import datetime

from django.db.models import QuerySet

from assembly.collab import rules
from assembly.collab.enums import TextEventKind
from assembly.collab.models import TextEvent
from assembly.institution.models import Assembly

ORDER = [*TextEventKind]


def waiting_events(assembly: Assembly, cut: datetime) -> QuerySet[TextEvent]:
    """Return the unsent events before `cut`, locked for the process that sends."""
    rows = TextEvent.objects.filter(text__assembly=assembly, sent_at=None, dropped_at=None, happened_at__lt=cut)
    return _with_facts(rows).select_for_update(of=("self",), no_key=True).order_by("user", "pk")


def events_of_mail(keys: list[int]) -> list[TextEvent]:
    """Return the events of one mail, decisions first."""
    rows = _with_facts(TextEvent.objects.filter(pk__in=keys))
    return sorted(rows, key=lambda event: (ORDER.index(TextEventKind(event.kind)), event.pk))


def _with_facts(rows: QuerySet[TextEvent]) -> QuerySet[TextEvent]:
    return rows.select_related(
        "user__person", "text", "suggestion", "comment__author__person", "comment__thread__directorate"
    )


def is_obsolete(event: TextEvent) -> bool:
    """Return whether the event is obsolete.

    The person may no longer read the text, the comment was withdrawn, or the thread was resolved.
    """
    if not event.user.is_active or not rules.can_read(event.user, event.text):
        return True
    if event.comment is None:
        return False
    if event.kind in {TextEventKind.ASSIGNED, TextEventKind.REPLY}:
        return event.comment.withdrawn_at is not None or event.comment.thread.resolved_at is not None
    return event.comment.withdrawn_at is not None
