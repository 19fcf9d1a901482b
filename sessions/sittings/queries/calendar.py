"""Sittings in the calendar of the team, and as iCalendar: in a mail, in a person's own feed, in the public feed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from assembly.calendar.ics import calendar, event, uid_in
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem, deadline, overlapping
from assembly.institution.models import RoleAssignment, Term
from assembly.institution.queries import DESK_ROLES
from assembly.institution.rules import has_role
from assembly.institution.todo import DaysFrom
from assembly.speed.queries import for_screen
from sessions.models import Invitee, Notice, NoticeKind, Sitting, SittingKind, SittingState
from sessions.sittings.queries.sittings import my_sittings
from sessions.sittings.rules import can_edit


def uid_of(sitting: Sitting) -> str:
    return uid_in(sitting.term.assembly, str(sitting.public_id))


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


def event_of(sitting: Sitting) -> Event:
    """Return the entry for a secret address, with the link of the video conference."""
    return event(
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


def public_event_of(sitting: Sitting) -> Event:
    """Return the entry for anybody: day, hours and place, without anything reserved to the people convened."""
    return event(
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


def status_of(sitting: Sitting) -> str:
    if sitting.state in SittingState.tagged("called_off"):
        return "CANCELLED"
    return "TENTATIVE" if sitting.state == SittingState.PLANNED else "CONFIRMED"


def recent(sittings: Any) -> Any:
    """Return the sittings of the last year and all those to come: calendars read the feeds again every hour."""
    return sittings.filter(ends_at__gte=timezone.now() - timedelta(days=366)).order_by("starts_at", "pk")


def last_day_to_convene() -> DaysFrom:
    return DaysFrom(TruncDate("starts_at"), "term__notice_days", sign="-")


def sittings_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the sittings that the user may see.

    For the team and facilitators a plenary concerns everybody, another sitting its officer and the agents convened;
    for others each is their own.
    """
    is_agent = has_role(user, DESK_ROLES, term=term)
    agents = RoleAssignment.objects.filter(term=term, role__in=DESK_ROLES, ended_at=None).values("user__person")
    convened = Invitee.objects.expected().filter(sitting=OuterRef("pk"), person__in=agents).order_by("pk")
    rows: QuerySet[Any] = my_sittings(user).filter(overlapping(first, last), term=term)
    for sitting in for_screen(rows.annotate(agents=ArraySubquery(convened.values("person__user")))):
        is_for_all = not is_agent or sitting.kind == SittingKind.PLENARY
        page = reverse("sittings:sitting" if is_agent else "sittings:my-sitting", args=[sitting.pk])
        yield CalendarItem(
            CalendarKind.SITTING,
            f"sitting-{sitting.pk}",
            sitting.title,
            page,
            sitting.starts_at,
            sitting.ends_at,
            place=sitting.place_name,
            users=() if is_for_all else (sitting.officer_id, *sitting.agents),
            is_for_all=is_for_all,
            subject=f"sitting-{sitting.pk}",
            move_url=reverse("sittings:edit", args=[sitting.pk]) if can_edit(user, sitting) else "",
            is_off=sitting.state in SittingState.tagged("called_off"),
            event=partial(event_of, sitting),
        )


def convocations_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield, for the team and facilitators, the last day to convene each planned sitting."""
    if not has_role(user, DESK_ROLES, term=term):
        return
    rows: QuerySet[Any] = Sitting.objects.filter(term=term, state=SittingState.PLANNED)
    rows = rows.annotate(day=last_day_to_convene()).filter(day__gte=first, day__lte=last)
    for sitting in for_screen(rows):
        title = _("Convoquer : %(title)s") % {"title": sitting.title}
        page = reverse("sittings:sitting", args=[sitting.pk])
        yield deadline(f"convene-{sitting.pk}", title, page, sitting.day, [sitting.officer_id])


def new_sitting_url(day: date, room: int | None) -> str:
    """Return the first page of a new sitting, which asks who meets; it takes no day."""
    return reverse("sittings:start")
