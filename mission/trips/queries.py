"""Trips with the names of who goes, in one statement; trips as entries of a calendar."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext
from icalendar import Event

from assembly.calendar.ics import event, uid_in
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem, overlapping
from assembly.institution.models import Term
from assembly.text.french import french_enumeration
from mission.registers.declaration import registers
from mission.trips.models import Trip, TripState, TripTraveller

STATUS = {TripState.DRAFT: "TENTATIVE", TripState.CANCELLED: "CANCELLED"}


def with_travellers(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate trips with `who`: the names of the persons, or of the posts that no account holds."""
    person = "post__holder__person__"
    name = Case(
        When(post__holder=None, then=F("post__name")),
        default=Concat(f"{person}first_name", Value(" "), f"{person}last_name"),
    )
    travellers = TripTraveller.objects.filter(row=OuterRef("pk")).order_by("pk")
    return rows.annotate(who=ArraySubquery(travellers.values(name=name)))


def travellers_label(trip: Trip) -> str:
    return french_enumeration(trip.who, len(trip.who))


def away_at(posts: Any, starts_at: datetime, ends_at: datetime, *, but: Trip) -> TripTraveller | None:
    """Return the first of these people on another trip that overlaps; it may end just when this one begins."""
    lines: QuerySet[TripTraveller] = TripTraveller.objects.filter(
        post__in=posts, state__in=TripState.tagged("planned")
    ).exclude(row=but)
    lines = lines.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    return lines.select_related("row", "post__holder__person").order_by("starts_at", "pk").first()


def away_message(line: TripTraveller) -> str:
    """Return the error message for sending somebody on two trips."""
    text = gettext("%(who)s est déjà en déplacement : %(reference)s, « %(name)s », %(span)s.")
    trip = line.row
    return text % {"who": line.post.who, "reference": trip.reference, "name": trip.name, "span": trip.span_label}


def trips_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the trips that the user sees, with the accounts of who goes."""
    accounts = TripTraveller.objects.filter(row=OuterRef("pk"), post__holder__isnull=False).order_by("pk")
    rows = with_travellers(registers["trips"].visible_to(user)).select_related("assembly")
    rows = rows.annotate(accounts=ArraySubquery(accounts.values("post__holder")))
    for trip in rows.filter(overlapping(first, last), assembly=term.assembly_id).for_screen():
        yield CalendarItem(
            CalendarKind.TRIP,
            f"trip-{trip.pk}",
            trip.name,
            reverse("mission:trips-row", args=[trip.pk]),
            trip.starts_at,
            trip.ends_at,
            place=trip.place,
            users=tuple(trip.accounts),
            is_off=trip.state == TripState.CANCELLED,
            event=partial(event_of, trip),
        )


def event_of(trip: Trip) -> Event:
    return event(
        uid_in(trip.assembly, f"trip-{trip.pk}"),
        assembly=trip.assembly,
        title=gettext("Déplacement : %(name)s") % {"name": trip.name},
        starts_at=trip.starts_at,
        ends_at=trip.ends_at,
        stamp=trip.changed_at,
        sequence=trip.version - 1,
        place=trip.place,
        description=travellers_label(trip),
        status=STATUS.get(TripState(trip.state), "CONFIRMED"),
    )
