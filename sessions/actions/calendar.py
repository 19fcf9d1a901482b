"""A person's calendar address: opened, renewed, closed by that person."""

from django.db import transaction
from django.db.models import F

from assembly.audit.actions import record
from assembly.identity.models import User
from sessions.actions import departures
from sessions.models import CalendarFeed


@transaction.atomic
def open_feed(*, by: User) -> CalendarFeed:
    """Give a new address; the former one stops at once."""
    feed, made = CalendarFeed.objects.get_or_create(user=by)
    if not made:
        CalendarFeed.objects.filter(pk=feed.pk).update(version=F("version") + 1, is_open=True)
        feed.refresh_from_db()
    record("calendar.opened", feed, by=by, version=feed.version)
    return feed


@transaction.atomic
def close_feed(*, by: User) -> None:
    """Close the address: whoever had it reads nothing any more."""
    departures.close_feed(by, by=by)
