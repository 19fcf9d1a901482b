"""Sittings as iCalendar: one event in a mail, a person's own feed, the public feed."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from sessions.enums import NoticeKind, SittingState
from sessions.models import Notice, Sitting

PRODUCT = "-//Hemicycle//Sessions//FR"
EventSource = Callable[[Any], Iterable[Event]]
_sources: list[EventSource] = []
GONE = [SittingState.POSTPONED, SittingState.CANCELLED, SittingState.RECONVENED]


def calendar(name: str, method: str = "PUBLISH") -> Calendar:
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", method)
    found.add("x-wr-calname", name)
    return found


def event(
    uid: str, *, title: str, starts_at: datetime, ends_at: datetime, stamp: datetime, sequence: int, **texts: str
) -> Event:
    """Times in UTC: no table of time zones to carry, and nothing to get wrong on the night the clocks change."""
    found = Event()
    found.add("uid", uid)
    found.add("summary", title)
    found.add("dtstart", starts_at.astimezone(UTC))
    found.add("dtend", ends_at.astimezone(UTC))
    found.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    found.add("sequence", sequence)
    for name, text in texts.items():
        if text:
            found.add(name, text)
    return found


def uid_of(sitting: Sitting) -> str:
    return f"{sitting.public_id}@{sitting.term.assembly.sender_email.rpartition('@')[2]}"


def notice_file(notice: Notice) -> bytes:
    """The event as this notice told it; a later notice replaces it, a cancellation takes it away."""
    sitting, frozen = notice.sitting, notice.snapshot
    gone = notice.kind in (NoticeKind.CANCELLED, NoticeKind.POSTPONED)
    found = calendar(sitting.term.assembly.name, "CANCEL" if gone else "PUBLISH")
    found.add_component(
        event(
            uid_of(sitting),
            title=frozen["title"],
            starts_at=datetime.fromisoformat(frozen["starts_at"]),
            ends_at=datetime.fromisoformat(frozen["ends_at"]),
            stamp=notice.issued_at,
            sequence=notice.number - 1,
            location=frozen["place"],
            url=frozen["video_link"],
            description=agenda_text(frozen),
            status="CANCELLED" if gone else "CONFIRMED",
        )
    )
    return found.to_ical()


def agenda_text(frozen: dict[str, Any]) -> str:
    lines = [f"{row['hour']} {row['title']}" for row in frozen["agenda"] if not row["depth"]]
    link = _("Visioconférence : %(link)s") % {"link": frozen["video_link"]} if frozen["video_link"] else ""
    return "\n".join([*lines, link]).strip()


def also_in_own_feed(source: EventSource) -> EventSource:
    """Decorator: `source(user)` yields events of another app for a person's own calendar."""
    _sources.append(source)
    return source


def more_events(user: Any) -> list[Event]:
    """What other apps put in this person's calendar."""
    return [found for source in _sources for found in source(user)]


def own_feed(sittings: Iterable[Sitting], name: str, more: Iterable[Event] = ()) -> bytes:
    """What concerns one person, video links included: the address is secret."""
    found = calendar(name)
    for sitting in sittings:
        found.add_component(
            event(
                uid_of(sitting),
                title=sitting.title,
                starts_at=sitting.starts_at,
                ends_at=sitting.ends_at,
                stamp=sitting.notified_at or sitting.created_at,
                sequence=sitting.version,
                location=", ".join(part for part in (sitting.place_name, sitting.place_address) if part),
                url=sitting.video_link,
                status=status_of(sitting),
            )
        )
    for other in more:
        found.add_component(other)
    return found.to_ical()


def public_feed(sittings: Iterable[Sitting], name: str) -> bytes:
    """Day, hours and place; nothing that is for the persons convened."""
    found = calendar(name)
    for sitting in sittings:
        found.add_component(
            event(
                uid_of(sitting),
                title=sitting.title,
                starts_at=sitting.starts_at,
                ends_at=sitting.ends_at,
                stamp=sitting.notified_at or sitting.created_at,
                sequence=sitting.version,
                location=sitting.place_name,
                status=status_of(sitting),
            )
        )
    return found.to_ical()


def status_of(sitting: Sitting) -> str:
    if sitting.state in GONE:
        return "CANCELLED"
    return "TENTATIVE" if sitting.state == SittingState.PLANNED else "CONFIRMED"


def recent(sittings: Any) -> Any:
    """A year back and everything to come: feeds are read again every hour."""
    return sittings.filter(ends_at__gte=timezone.now() - timedelta(days=366)).order_by("starts_at", "pk")
