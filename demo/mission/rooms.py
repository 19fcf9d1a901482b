"""Rooms, equipment and a year of their bookings; the keeper has not confirmed the last three."""

from collections.abc import Sequence
from typing import Any

from demo.clock import at, paris
from demo.context import DemoContext
from mission.registers.actions import add_link, create
from mission.registers.declaration import registers
from mission.registers.queries import link_ends
from mission.rooms.models import Resource
from sessions.models import Sitting

HOTEL, MURET = "Hôtel du département, Toulouse", "Maison départementale, Muret"
FRONT_DESK, MURET_DESK = "Accueil, 05 00 00 00 10", "Accueil, 05 00 00 00 31"
COUNCIL, GARONNE, SCREEN, SOUND, MINIBUS = (
    "Salle du conseil",
    "Salle Garonne",
    "Écran et projecteur",
    "Sonorisation mobile",
    "Minibus de neuf places",
)
# Name, kind, place, seats, step-free, keeper.
RESOURCE_ROWS: Sequence[tuple[str, str, str, int | None, bool, str]] = (
    (COUNCIL, "room", HOTEL, 140, True, FRONT_DESK),
    (GARONNE, "room", HOTEL, 24, True, FRONT_DESK),
    (SCREEN, "equipment", HOTEL, None, False, FRONT_DESK),
    (SOUND, "equipment", HOTEL, None, False, FRONT_DESK),
    ("Salle polyvalente", "room", MURET, 60, False, MURET_DESK),
    (MINIBUS, "vehicle", HOTEL, 9, False, "Parc automobile, 05 00 00 00 22"),
)
# Booked on, resource, from, to, purpose, whether the keeper confirmed.
BOOKING_ROWS: Sequence[tuple[str, str, str, str, str, bool]] = (
    ("2026-01-06", COUNCIL, "2026-01-24 08:00", "2026-01-24 18:00", "Plénière d’apprentissage", True),
    ("2026-01-06", SOUND, "2026-01-24 08:00", "2026-01-24 18:00", "Plénière d’apprentissage", True),
    ("2026-03-02", COUNCIL, "2026-03-28 08:00", "2026-03-28 18:00", "Plénière de mi-parcours", True),
    ("2026-03-02", SCREEN, "2026-03-28 08:00", "2026-03-28 18:00", "Plénière de mi-parcours", True),
    ("2026-05-11", "Salle polyvalente", "2026-06-03 17:30", "2026-06-03 21:00", "Atelier de canton", True),
    ("2026-06-01", COUNCIL, "2026-06-27 08:00", "2026-06-27 18:00", "Plénière, vote de l’avis", True),
    ("2026-08-31", COUNCIL, "2026-10-03 08:00", "2026-10-03 18:00", "Plénière d’automne", True),
    ("2026-09-07", MINIBUS, "2026-10-14 07:30", "2026-10-14 19:00", "Visite de la Maison de Luchon", True),
    ("2026-11-02", GARONNE, "2026-12-03 14:00", "2026-12-03 17:00", "Réunion du comité technique", True),
    ("2026-11-16", GARONNE, "2026-12-08 09:00", "2026-12-08 12:30", "Rédaction des avis", False),
    ("2026-11-16", COUNCIL, "2026-12-12 08:00", "2026-12-12 18:00", "Plénière de décembre", False),
    ("2026-11-17", SOUND, "2026-12-12 08:00", "2026-12-12 18:00", "Plénière de décembre", False),
)


def make_rooms(context: DemoContext) -> None:
    """Create the rooms in January, the bookings as they came; those of a plenary are linked with it."""
    rooms: dict[str, Resource] = {}
    with at("2026-01-05 09:30"):
        for name, kind, place, capacity, is_accessible, keeper in RESOURCE_ROWS:
            values: dict[str, Any] = {"kind": kind, "place": place, "keeper": keeper, "is_accessible": is_accessible}
            values |= {"name": name, "capacity": capacity, "owner": context.officer}
            rooms[name] = create(registers["resources"], context.term, by=context.officer, values=values)
    for booked_on, name, starts_at, ends_at, purpose, is_confirmed in BOOKING_ROWS:
        starts, ends = paris(starts_at), paris(ends_at)
        values = {"resource": rooms[name], "starts_at": starts, "ends_at": ends, "name": purpose}
        with at(f"{booked_on} 10:30"):
            values["owner"] = context.officer
            booking = create(registers["bookings"], context.term, by=context.officer, values=values)
            if is_confirmed:
                registers["bookings"].workflow.transition(booking, "confirm", by=context.officer)
            sitting = Sitting.objects.filter(
                term=context.term, starts_at__gte=starts, starts_at__lt=ends, committee=None
            ).first()
            if sitting:
                add_link(registers["bookings"], booking, link_ends()["sitting"], sitting, by=context.officer)
