"""Rooms with a year of bookings, the team of 2026, its trips, and the lists that the officer saved.

The keeper has not confirmed the last three bookings; October was overloaded; the order of the next trip is not signed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from assembly.institution.models import Canton, Directorate
from assembly.lists import lists
from assembly.saved_views import actions
from demo.context import DemoContext, at, paris
from demo.contracts import METHOD, OUTREACH, WELCOME
from mission.budget.models import BudgetLine
from mission.people.models import TeamPost
from mission.people.register import PEOPLE
from mission.registers.actions import add_line, add_link, create
from mission.registers.declaration import registers
from mission.registers.queries import link_ends
from mission.rooms.models import Booking, Resource
from mission.trips.register import TRIPS
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


LEAD, OFFICER, ASSISTANT, TRAINEE = (
    "Responsable de la mission",
    "Chargée de mission, concertation",
    "Assistant logistique",
    "Stagiaire, évaluation",
)
# Post, percent of full time, arrival, departure.
POSTS: Sequence[tuple[str, int, date, date | None]] = (
    (LEAD, 100, date(2025, 9, 1), None),
    (OFFICER, 100, date(2025, 9, 1), None),
    (ASSISTANT, 80, date(2026, 1, 1), None),
    (TRAINEE, 100, date(2026, 4, 1), date(2026, 9, 30)),
)
# Post, subject (an operation of 2026, the day of a sitting, a topic), percent, first month, last day.
ALLOCATIONS: Sequence[tuple[str, str, int, date, date]] = (
    (LEAD, "Conduite de la mission", 40, date(2026, 1, 1), date(2027, 6, 30)),
    (LEAD, METHOD, 30, date(2026, 1, 1), date(2026, 12, 31)),
    (LEAD, "Réseaux et partenaires", 15, date(2026, 1, 1), date(2027, 6, 30)),
    (LEAD, "2026-10-03", 20, date(2026, 9, 1), date(2026, 10, 31)),
    (OFFICER, METHOD, 50, date(2026, 1, 1), date(2026, 12, 31)),
    (OFFICER, "Veille et appui aux directions", 25, date(2026, 1, 1), date(2027, 6, 30)),
    (OFFICER, "2026-10-03", 45, date(2026, 9, 1), date(2026, 10, 31)),
    (OFFICER, "Rédaction des avis", 35, date(2026, 11, 1), date(2026, 12, 31)),
    (ASSISTANT, WELCOME, 45, date(2026, 1, 1), date(2026, 12, 31)),
    (ASSISTANT, OUTREACH, 20, date(2026, 1, 1), date(2026, 12, 31)),
    (ASSISTANT, "2026-10-03", 25, date(2026, 10, 1), date(2026, 10, 31)),
    (TRAINEE, "Questionnaire de mi-mandat", 80, date(2026, 4, 1), date(2026, 9, 30)),
)


def make_people(context: DemoContext) -> None:
    """Create posts in January, what each works on, a leave in summer, the departure of the trainee."""
    holders = {LEAD: context.lead, OFFICER: context.officer}
    posts: dict[str, TeamPost] = {}
    for name, capacity, starts_on, ends_on in POSTS:
        values = {"name": name, "capacity": capacity, "starts_on": starts_on, "ends_on": ends_on}
        with at(f"{max(starts_on, date(2026, 1, 5))} 09:00"):
            posts[name] = create(PEOPLE, context.term, by=context.lead, values=values | {"holder": holders.get(name)})
    kinds: Any = {kind.key: kind for kind in PEOPLE.lines}
    for name, subject, percent, starts_on, ends_on in ALLOCATIONS:
        data = {"percent": percent, "starts_on": starts_on, "ends_on": ends_on, **worked_on(context, subject)}
        with at(f"{max(starts_on, date(2026, 1, 12))} 10:00"):
            add_line(PEOPLE, kinds["affectations"], posts[name], by=context.lead, data=data)
    with at("2026-06-08 10:00"):
        leave = {"percent": 50, "starts_on": date(2026, 8, 1), "ends_on": date(2026, 8, 31)}
        add_line(PEOPLE, kinds["temps"], posts[OFFICER], by=context.lead, data=leave)
    with at("2026-09-30 17:00"):
        PEOPLE.workflow.transition(posts[TRAINEE], "leave", by=context.lead)


def worked_on(context: DemoContext, subject: str) -> dict[str, Any]:
    """Return the fields of an operation, of a sitting by its day, or else of a topic."""
    empty = {"operation": None, "sitting": None, "referral": None, "topic": ""}
    if subject[:4].isdecimal():
        sitting = Sitting.objects.get(term=context.term, committee=None, starts_at__date=subject)
        return empty | {"sitting": sitting}
    operation = BudgetLine.objects.filter(assembly=context.assembly, year=2026, name=subject).first()
    return empty | ({"operation": operation} if operation else {"topic": subject})


BOTH, ALL = (LEAD, OFFICER), (LEAD, OFFICER, ASSISTANT)
TRAIN, CAR, TRANSIT = "train", "service_car", "transit"
# Prepared on, departure, return, object, destination, canton, means, who goes, the step reached.
TRIP_ROWS: Sequence[tuple[str, str, str, str, str, str, str, Sequence[str], str]] = (
    (
        *("2026-01-08", "2026-01-15 08:30", "2026-01-15 17:00", "Repérage des salles du sud", "Saint-Gaudens"),
        *("Saint-Gaudens", CAR, (OFFICER, ASSISTANT), "finish"),
    ),
    (
        *("2026-01-12", "2026-01-29 06:40", "2026-01-30 20:10", "Réseau des assemblées citoyennes", "Paris, CNDP"),
        *("", TRAIN, (LEAD,), "finish"),
    ),
    (
        *("2026-02-02", "2026-02-10 13:00", "2026-02-10 19:30", "Rencontre des habitants", "Revel"),
        *("Revel", CAR, BOTH, "finish"),
    ),
    (
        *("2026-02-16", "2026-02-25 13:30", "2026-02-25 18:30", "Visite d’une résidence autonomie", "Muret"),
        *("Muret", CAR, (OFFICER,), "finish"),
    ),
    (
        *("2026-03-02", "2026-03-12 09:00", "2026-03-12 18:00", "Atelier avec la communauté de communes", "Cazères"),
        *("Cazères", CAR, BOTH, "finish"),
    ),
    (
        *("2026-04-07", "2026-04-16 07:15", "2026-04-16 21:00", "Journée d’étude sur le tirage au sort", "Bordeaux"),
        *("", TRAIN, (OFFICER, TRAINEE), "finish"),
    ),
    (
        *("2026-05-04", "2026-05-19 13:00", "2026-05-19 19:00", "Marche exploratoire", "Auterive"),
        *("Auterive", CAR, (OFFICER, TRAINEE), "finish"),
    ),
    (
        *("2026-05-20", "2026-06-03 16:30", "2026-06-03 22:00", "Atelier de canton", "Muret"),
        *("Muret", CAR, ALL, "finish"),
    ),
    (
        *("2026-06-05", "2026-06-18 07:00", "2026-06-19 20:00", "Rencontres nationales de la participation", "Rennes"),
        *("", TRAIN, (LEAD, OFFICER), "cancel"),
    ),
    (
        *("2026-07-01", "2026-07-09 09:00", "2026-07-09 17:30", "Préparation de l’automne avec l’AMO", "Blagnac"),
        *("Blagnac", TRANSIT, BOTH, "finish"),
    ),
    (
        *("2026-08-24", "2026-09-08 13:00", "2026-09-08 21:30", "Atelier de canton", "Revel"),
        *("Revel", CAR, ALL, "finish"),
    ),
    (
        *("2026-09-07", "2026-09-15 13:00", "2026-09-15 21:30", "Atelier de canton", "Cazères"),
        *("Cazères", CAR, ALL, "finish"),
    ),
    (
        *("2026-09-14", "2026-10-14 07:30", "2026-10-14 19:00", "Visite de la Maison de Luchon", "Bagnères-de-Luchon"),
        *("Bagnères-de-Luchon", CAR, BOTH, "finish"),
    ),
    (
        *("2026-10-19", "2026-11-05 07:10", "2026-11-05 20:40", "Comité du réseau des assemblées", "Montpellier"),
        *("", TRAIN, (LEAD,), "finish"),
    ),
    (
        *("2026-11-09", "2026-11-19 13:30", "2026-11-19 18:30", "Appui à la commune : budget participatif", "Revel"),
        *("Revel", CAR, (OFFICER,), "finish"),
    ),
    (
        *("2026-11-16", "2026-12-01 13:00", "2026-12-01 18:30", "Restitution aux habitants", "Auterive"),
        *("Auterive", CAR, BOTH, ""),
    ),
    (
        *("2026-11-20", "2026-12-15 06:40", "2026-12-15 20:10", "Réunion de la CNDP", "Paris"),
        *("", TRAIN, (LEAD,), "order"),
    ),
)


def make_trips(context: DemoContext) -> None:
    posts = {post.name: post for post in TeamPost.objects.filter(assembly=context.assembly)}
    cantons = {canton.name: canton for canton in Canton.objects.filter(assembly=context.assembly)}
    who: Any = TRIPS.line_kind("voyageurs")
    for prepared_on, departs, returns, name, place, canton, means, travellers, step in TRIP_ROWS:
        starts_at, ends_at = paris(departs), paris(returns)
        booking = Booking.objects.filter(
            assembly=context.assembly, resource__kind="vehicle", starts_at=starts_at, ends_at=ends_at
        ).first()
        values = {"name": name, "place": place, "starts_at": starts_at, "ends_at": ends_at, "means": means}
        values |= {"canton": cantons[canton] if canton else None, "booking": booking, "owner": context.officer}
        with at(f"{prepared_on} 11:00"):
            trip = create(TRIPS, context.term, by=context.officer, values=values)
            for post in travellers:
                add_line(TRIPS, who, trip, by=context.officer, data={"post": posts[post]})
        if step in ("order", "finish"):
            with at(f"{prepared_on} 16:30"):
                TRIPS.workflow.transition(trip, "order", by=context.lead)
        if step == "finish":
            with at(ends_at):
                TRIPS.workflow.transition(trip, "finish", by=context.officer)
        if step == "cancel":
            with at(f"{prepared_on} 17:00"):
                TRIPS.workflow.transition(trip, "cancel", by=context.lead, reason="Le train est supprimé.")


# List, name, address, directorate by its code.
VIEWS = (
    ("referrals", "Saisines en cours", "state=in_progress&tri=avis", ""),
    ("members", "Membres à joindre par courrier", "contact=paper", ""),
    ("support", "Demandes des directions, la plus ancienne d’abord", "tri=reference", "autonomie"),
)


def make_views(context: DemoContext) -> None:
    """Save the lists as the officer, in November."""
    for key, name, query, code in VIEWS:
        with at("2026-11-16 09:00"):
            view = actions.save_view(lists()[key], context.term, by=context.officer, name=name, query=query)
            directorate = Directorate.objects.get(assembly=context.assembly, code=code) if code else None
            actions.share_view(view, by=context.officer, is_shared=not code, directorate=directorate)
