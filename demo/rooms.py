"""Rooms, equipment and vehicles, and a year of bookings: for each sitting held in a house of the council, and others.

The keeper has not confirmed those of next year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from demo.context import DemoContext, at
from demo.days import paris
from mission.registers.actions import add_link, create
from mission.registers.declaration import registers
from mission.registers.queries import link_ends
from mission.rooms.models import Resource
from sessions.models import Sitting

HOTEL, MURET = "Hôtel du département, Toulouse", "Maison départementale, Muret"
FRONT_DESK, MURET_DESK = "Accueil, 05 00 00 00 10", "Accueil, 05 00 00 00 31"
COUNCIL, GARONNE, ARIEGE, MEETING_HALL, SOUND, MINIBUS = (
    "Salle du conseil",
    "Salle Garonne",
    "Salle Ariège",
    "Salle polyvalente",
    "Sonorisation mobile",
    "Minibus de neuf places",
)
# Name, kind, place, seats, step-free, keeper.
RESOURCE_ROWS: Sequence[tuple[str, str, str, int | None, bool, str]] = (
    (COUNCIL, "room", HOTEL, 140, True, FRONT_DESK),
    (GARONNE, "room", HOTEL, 24, True, FRONT_DESK),
    (ARIEGE, "room", HOTEL, 18, True, FRONT_DESK),
    ("Écran et projecteur", "equipment", HOTEL, None, False, FRONT_DESK),
    (SOUND, "equipment", HOTEL, None, False, FRONT_DESK),
    (MEETING_HALL, "room", MURET, 60, False, MURET_DESK),
    (MINIBUS, "vehicle", HOTEL, 9, False, "Parc automobile, 05 00 00 00 22"),
)
# Booked on, resource, from, to, purpose.
OTHER_ROWS: Sequence[tuple[str, str, str, str, str]] = (
    ("2026-09-07 10:30", MINIBUS, "2026-10-14 07:30", "2026-10-14 19:00", "Visite de la Maison de Luchon"),
    ("2026-11-16 10:30", GARONNE, "2026-12-08 09:00", "2026-12-08 12:30", "Rédaction des avis"),
)
CONFIRMED_UNTIL = "2026-12-05 18:00"
# What a body books for its sittings in a house of the council; a plenary has none.
MEANS = {
    "": (COUNCIL, SOUND),
    "copil": (GARONNE,),
    "cotech": (GARONNE,),
    "suivi": (ARIEGE,),
    "habiter": (MEETING_HALL,),
}
HOUSES = ("Hôtel du Département", MURET)


@dataclass(frozen=True)
class DemoBooking:
    booked_at: datetime
    resource: str
    starts_at: datetime
    ends_at: datetime
    purpose: str
    sitting: Sitting | None = None


def make_rooms(context: DemoContext) -> None:
    """Create the rooms before the installation, then the bookings in the order in which they came."""
    rooms: dict[str, Resource] = {}
    with at("2025-11-10 09:30"):
        for name, kind, place, capacity, is_accessible, keeper in RESOURCE_ROWS:
            values: dict[str, Any] = {"kind": kind, "place": place, "keeper": keeper, "is_accessible": is_accessible}
            values |= {"name": name, "capacity": capacity, "owner": context.officer}
            rooms[name] = create(registers["resources"], context.term, by=context.officer, values=values)
    others = [
        DemoBooking(paris(booked_at), name, paris(starts_at), paris(ends_at), purpose)
        for booked_at, name, starts_at, ends_at, purpose in OTHER_ROWS
    ]
    for booking in sorted([*sitting_bookings(context), *others], key=lambda booking: booking.booked_at):
        make_booking(context, booking, rooms[booking.resource])


def sitting_bookings(context: DemoContext) -> list[DemoBooking]:
    """List what each sitting in a house of the council needs, booked an hour after it was planned."""
    rows = []
    for sitting in Sitting.objects.filter(term=context.term).select_related("committee").order_by("created_at"):
        if not sitting.place_name.startswith(HOUSES):
            continue
        before, after = (timedelta(minutes=90),) * 2 if sitting.committee is None else (timedelta(), timedelta())
        for name in MEANS[sitting.committee.slug if sitting.committee else ""]:
            span = (sitting.starts_at - before, sitting.ends_at + after)
            rows.append(DemoBooking(sitting.created_at + timedelta(hours=1), name, *span, sitting.title, sitting))
    return rows


def make_booking(context: DemoContext, booking: DemoBooking, resource: Resource) -> None:
    register, by = registers["bookings"], context.officer
    values: dict[str, Any] = {"resource": resource, "name": booking.purpose, "owner": by}
    values |= {"starts_at": booking.starts_at, "ends_at": booking.ends_at}
    with at(booking.booked_at):
        row = create(register, context.term, by=by, values=values)
        if booking.sitting:
            add_link(register, row, link_ends()["sitting"], booking.sitting, by=by)
        if booking.sitting and booking.ends_at <= paris(CONFIRMED_UNTIL) or booking.resource == MINIBUS:
            register.workflow.transition(row, "confirm", by=by)
