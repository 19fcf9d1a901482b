"""The trips of 2026, about two a month; the order of the next one is not signed yet."""

from collections.abc import Sequence
from typing import Any

from assembly.institution.models import Canton
from demo.clock import at, paris
from demo.context import DemoContext
from demo.mission.people import ASSISTANT, LEAD, OFFICER, TRAINEE
from mission.people.models import TeamPost
from mission.registers.actions import add_line, create
from mission.rooms.models import Booking
from mission.trips.register import TRIPS

BOTH, ALL = (LEAD, OFFICER), (LEAD, OFFICER, ASSISTANT)
TRAIN, CAR, TRANSIT = "train", "service_car", "transit"
# Prepared on, departure, return, object, destination, canton, means, who goes, the step reached.
ROWS: Sequence[tuple[str, str, str, str, str, str, str, Sequence[str], str]] = (
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
    for prepared_on, departs, returns, name, place, canton, means, travellers, step in ROWS:
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
