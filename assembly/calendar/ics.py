"""Writer of iCalendar files: of one event, and of a calendar that other programs read again every hour."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

from assembly.calendar.registry import CalendarItem
from assembly.calendar.rules import FIRST_DAY, LAST_DAY
from assembly.institution.models import Assembly

PRODUCT = "-//Hemicycle//Sessions//FR"


def calendar(name: str, method: str = "PUBLISH") -> Calendar:
    feed = Calendar()
    feed.add("prodid", PRODUCT)
    feed.add("version", "2.0")
    feed.add("method", method)
    feed.add("x-wr-calname", name)
    return feed


def feed_of(name: str, events: Iterable[Event]) -> bytes:
    """Return the file of a calendar with these events."""
    feed = calendar(name)
    for entry in events:
        feed.add_component(entry)
    return feed.to_ical()


def event(
    uid: str,
    *,
    assembly: Assembly,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    stamp: datetime,
    sequence: int,
    place: str = "",
    video_link: str = "",
    **texts: str,
) -> Event:
    """Build an event with times in UTC.

    UTC needs no table of time zones, and is right on the night when the clocks change. The assembly is the organiser
    (RFC 5546 requires an ORGANIZER with PUBLISH and CANCEL). Without a place the link is the location, because
    calendars show it as a button.
    """
    component = event_frame(uid, assembly, title, stamp)
    component.add("dtstart", starts_at.astimezone(UTC))
    component.add("dtend", ends_at.astimezone(UTC))
    component.add("sequence", sequence)
    for name, text in {"location": place or video_link, "url": video_link, **texts}.items():
        if text:
            component.add(name, text)
    return component


def event_frame(uid: str, assembly: Assembly, title: str, stamp: datetime) -> Event:
    component = Event()
    organizer = vCalAddress(f"mailto:{assembly.reply_email}")
    organizer.params["CN"] = assembly.sender_name
    component.add("organizer", organizer)
    component.add("uid", uid)
    component.add("summary", title)
    component.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    return component


def uid_in(assembly: Assembly, name: str) -> str:
    """Return the identifier of an event, unique beyond this installation."""
    return f"{name}@{assembly.sender_email.rpartition('@')[2]}"


def event_of_item(item: CalendarItem, assembly: Assembly) -> Event:
    """Return the entry of an item: its own, else its hours or its days, its place and its page."""
    if item.event:
        return item.event()
    component = event_frame(uid_in(assembly, item.uid), assembly, item.title, timezone.now())
    end = item.ends or item.starts
    if isinstance(item.starts, datetime) and isinstance(end, datetime):
        component.add("dtstart", item.starts.astimezone(UTC))
        component.add("dtend", end.astimezone(UTC))
    else:
        component.add("dtstart", max(item.first_day, FIRST_DAY))
        component.add("dtend", min(item.last_day, LAST_DAY) + timedelta(days=1))
        component.add("transp", "TRANSPARENT")
    if item.place:
        component.add("location", item.place)
    component.add("url", settings.SITE_URL + item.url)
    return component
