"""The address of a person's calendar, opened, renewed and closed by that person."""

from django.db import transaction
from django.db.models import F

from assembly.audit.actions import record
from assembly.identity.models import User
from sessions.actions import departures
from sessions.models import CalendarFeed


@transaction.atomic
def open_feed(*, by: User) -> CalendarFeed:
    """Create a new address; the former one stops working at once."""
    feed, is_new = CalendarFeed.objects.get_or_create(user=by)
    if not is_new:
        CalendarFeed.objects.filter(pk=feed.pk).update(version=F("version") + 1, is_open=True)
        feed.refresh_from_db()
    record("calendar.opened", feed, by=by, version=feed.version)
    return feed


@transaction.atomic
def close_feed(*, by: User) -> None:
    """Close the address: it returns nothing any more to those who have it."""
    departures.close_feed(by, by=by)
