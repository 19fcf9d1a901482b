"""Trips with the names of who goes, in one statement; trips as entries of a calendar."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext
from icalendar import Event

from assembly.text.french import french_enumeration
from mission.registers.declaration import registers
from mission.trips.models import Trip, TripState, TripTraveller
from sessions.sittings.queries.calendar import event

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


def trips_in_calendar(user: Any) -> Iterator[Event]:
    """Yield the trips for the team’s secret calendars: a year back and everything to come, as for sittings."""
    rows = with_travellers(registers["trips"].visible_to(user)).select_related("assembly")
    for trip in rows.filter(ends_at__gte=timezone.now() - timedelta(days=366)).order_by("starts_at", "pk"):
        yield event_of(trip)


def event_of(trip: Trip) -> Event:
    return event(
        f"trip-{trip.pk}@{trip.assembly.sender_email.rpartition('@')[2]}",
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
