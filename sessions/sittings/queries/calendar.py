"""Sittings as iCalendar: one event in a mail, a person's own feed, the public feed."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from assembly.institution.models import Assembly
from sessions.models import Notice, NoticeKind, Sitting, SittingState

PRODUCT = "-//Hemicycle//Sessions//FR"
EventSource = Callable[[Any], Iterable[Event]]
_sources: list[EventSource] = []


def calendar(name: str, method: str = "PUBLISH") -> Calendar:
    feed = Calendar()
    feed.add("prodid", PRODUCT)
    feed.add("version", "2.0")
    feed.add("method", method)
    feed.add("x-wr-calname", name)
    return feed


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
    component = Event()
    organizer = vCalAddress(f"mailto:{assembly.reply_email}")
    organizer.params["CN"] = assembly.sender_name
    component.add("organizer", organizer)
    component.add("uid", uid)
    component.add("summary", title)
    component.add("dtstart", starts_at.astimezone(UTC))
    component.add("dtend", ends_at.astimezone(UTC))
    component.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    component.add("sequence", sequence)
    for name, text in {"location": place or video_link, "url": video_link, **texts}.items():
        if text:
            component.add(name, text)
    return component


def uid_of(sitting: Sitting) -> str:
    return f"{sitting.public_id}@{sitting.term.assembly.sender_email.rpartition('@')[2]}"


def notice_method(notice: Notice) -> str:
    """Return what a calendar does with the event of this notice; the mail part has it too."""
    return "CANCEL" if notice.kind in (NoticeKind.CANCELLED, NoticeKind.POSTPONED) else "PUBLISH"


def notice_file(notice: Notice) -> bytes:
    """Return the event with the facts of this notice; a later notice replaces it, a cancellation removes it."""
    sitting, frozen = notice.sitting, notice.snapshot
    method = notice_method(notice)
    feed = calendar(sitting.term.assembly.name, method)
    feed.add_component(
        event(
            uid_of(sitting),
            assembly=sitting.term.assembly,
            title=frozen["title"],
            starts_at=datetime.fromisoformat(frozen["starts_at"]),
            ends_at=datetime.fromisoformat(frozen["ends_at"]),
            stamp=notice.issued_at,
            sequence=notice.number - 1,
            place=frozen["place"],
            video_link=frozen["video_link"],
            description=agenda_text(frozen),
            status="CANCELLED" if method == "CANCEL" else "CONFIRMED",
        )
    )
    return feed.to_ical()


def agenda_text(frozen: dict[str, Any]) -> str:
    lines = [f"{row['hour']} {row['title']}" for row in frozen["agenda"] if not row["depth"]]
    link = _("Visioconférence : %(link)s") % {"link": frozen["video_link"]} if frozen["video_link"] else ""
    return "\n".join([*lines, link]).strip()


def add_event_source(source: EventSource) -> None:
    """Add a function: `source(user)` yields events of another app for a person's own calendar."""
    _sources.append(source)


def more_events(user: Any) -> list[Event]:
    """Return the events that other apps add to this person's calendar."""
    return [entry for source in _sources for entry in source(user)]


def my_feed(sittings: Iterable[Sitting], name: str, more: Iterable[Event] = ()) -> bytes:
    """Return the feed of one person, with video links, since its address is secret."""
    feed = calendar(name)
    for sitting in sittings:
        feed.add_component(
            event(
                uid_of(sitting),
                assembly=sitting.term.assembly,
                title=sitting.title,
                starts_at=sitting.starts_at,
                ends_at=sitting.ends_at,
                stamp=sitting.notified_at or sitting.created_at,
                sequence=sitting.version,
                place=", ".join(part for part in (sitting.place_name, sitting.place_address) if part),
                video_link=sitting.video_link,
                status=status_of(sitting),
            )
        )
    for other in more:
        feed.add_component(other)
    return feed.to_ical()


def public_feed(sittings: Iterable[Sitting], name: str) -> bytes:
    """Return the public feed: day, hours and place, without anything reserved to the people convened."""
    feed = calendar(name)
    for sitting in sittings:
        feed.add_component(
            event(
                uid_of(sitting),
                assembly=sitting.term.assembly,
                title=sitting.title,
                starts_at=sitting.starts_at,
                ends_at=sitting.ends_at,
                stamp=sitting.notified_at or sitting.created_at,
                sequence=sitting.version,
                place=sitting.place_name or (_("Visioconférence") if sitting.video_link else ""),
                status=status_of(sitting),
            )
        )
    return feed.to_ical()


def status_of(sitting: Sitting) -> str:
    if sitting.state in SittingState.tagged("called_off"):
        return "CANCELLED"
    return "TENTATIVE" if sitting.state == SittingState.PLANNED else "CONFIRMED"


def recent(sittings: Any) -> Any:
    """Return the sittings of the last year and all those to come: calendars read the feeds again every hour."""
    return sittings.filter(ends_at__gte=timezone.now() - timedelta(days=366)).order_by("starts_at", "pk")
