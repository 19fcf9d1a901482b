"""The team of 2026, its trips, and the lists that the officer saved.

October was overloaded; the order of the next trip is not signed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from assembly.institution.models import Canton, Directorate
from assembly.lists import lists
from assembly.saved_views import actions
from demo.context import DemoContext, at
from demo.contracts import METHOD, OUTREACH, WELCOME
from demo.days import at_hour, paris, story_date
from mission.budget.models import BudgetLine
from mission.people.models import TeamPost
from mission.people.register import PEOPLE
from mission.registers.actions import add_line, create
from mission.rooms.models import Booking
from mission.trips.register import TRIPS
from sessions.models import Sitting

LEAD, OFFICER, ASSISTANT, TRAINEE = (
    "Responsable de la mission",
    "Chargée de mission, concertation",
    "Assistant logistique",
    "Stagiaire, évaluation",
)
# Post, percent of full time, arrival, departure.
POSTS: Sequence[tuple[str, int, date, date | None]] = (
    (LEAD, 100, story_date("2025-09-01"), None),
    (OFFICER, 100, story_date("2025-09-01"), None),
    (ASSISTANT, 80, story_date("2026-01-01"), None),
    (TRAINEE, 100, story_date("2026-04-01"), story_date("2026-09-30")),
)
# Post, subject (an operation of 2026, the day of a sitting, a topic), percent, first month, last day.
ALLOCATIONS: Sequence[tuple[str, str, int, date, date]] = (
    (LEAD, "Conduite de la mission", 40, story_date("2026-01-01"), story_date("2027-06-30")),
    (LEAD, METHOD, 30, story_date("2026-01-01"), story_date("2026-12-31")),
    (LEAD, "Réseaux et partenaires", 15, story_date("2026-01-01"), story_date("2027-06-30")),
    (LEAD, "2026-10-03", 20, story_date("2026-09-01"), story_date("2026-10-31")),
    (OFFICER, METHOD, 50, story_date("2026-01-01"), story_date("2026-12-31")),
    (OFFICER, "Veille et appui aux directions", 25, story_date("2026-01-01"), story_date("2027-06-30")),
    (OFFICER, "2026-10-03", 45, story_date("2026-09-01"), story_date("2026-10-31")),
    (OFFICER, "Rédaction des avis", 35, story_date("2026-11-01"), story_date("2026-12-31")),
    (ASSISTANT, WELCOME, 45, story_date("2026-01-01"), story_date("2026-12-31")),
    (ASSISTANT, OUTREACH, 20, story_date("2026-01-01"), story_date("2026-12-31")),
    (ASSISTANT, "2026-10-03", 25, story_date("2026-10-01"), story_date("2026-10-31")),
    (TRAINEE, "Questionnaire de mi-mandat", 80, story_date("2026-04-01"), story_date("2026-09-30")),
)


def make_people(context: DemoContext) -> None:
    """Create posts in January, what each works on, a leave in summer, the departure of the trainee."""
    holders = {LEAD: context.lead, OFFICER: context.officer}
    posts: dict[str, TeamPost] = {}
    for name, capacity, starts_on, ends_on in POSTS:
        values = {"name": name, "capacity": capacity, "starts_on": starts_on, "ends_on": ends_on}
        with at(at_hour(max(starts_on, story_date("2026-01-05")), "09:00")):
            posts[name] = create(PEOPLE, context.term, by=context.lead, values=values | {"holder": holders.get(name)})
    kinds: Any = {kind.key: kind for kind in PEOPLE.lines}
    for name, subject, percent, starts_on, ends_on in ALLOCATIONS:
        data = {"percent": percent, "starts_on": starts_on, "ends_on": ends_on, **worked_on(context, subject)}
        with at(at_hour(max(starts_on, story_date("2026-01-12")), "10:00")):
            add_line(PEOPLE, kinds["affectations"], posts[name], by=context.lead, data=data)
    with at("2026-06-08 10:00"):
        leave = {"percent": 50, "starts_on": story_date("2026-08-01"), "ends_on": story_date("2026-08-31")}
        add_line(PEOPLE, kinds["temps"], posts[OFFICER], by=context.lead, data=leave)
    with at("2026-09-30 17:00"):
        PEOPLE.workflow.transition(posts[TRAINEE], "leave", by=context.lead)


def worked_on(context: DemoContext, subject: str) -> dict[str, Any]:
    """Return the fields of an operation, of a sitting by its day, or else of a topic."""
    empty = {"operation": None, "sitting": None, "referral": None, "topic": ""}
    if subject[:4].isdecimal():
        sitting = Sitting.objects.get(term=context.term, committee=None, starts_at__date=story_date(subject))
        return empty | {"sitting": sitting}
    operation = BudgetLine.objects.filter(assembly=context.assembly, name=subject).order_by("year").first()
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
        *("2026-04-08", "2026-04-20 17:00", "2026-04-20 22:00", "Groupe Habiter, accord sur le texte", "Muret"),
        *("Muret", CAR, ALL, "finish"),
    ),
    (
        *("2026-04-08", "2026-04-21 16:30", "2026-04-21 22:30", "Groupe Se déplacer, accord sur le texte", "Revel"),
        *("Revel", CAR, ALL, "finish"),
    ),
    (
        *("2026-04-08", "2026-04-22 16:30", "2026-04-22 22:30", "Groupe Prévention, accord sur le texte", "Cazères"),
        *("Cazères", CAR, ALL, "finish"),
    ),
    (
        *("2026-05-04", "2026-05-19 13:00", "2026-05-19 19:00", "Marche exploratoire", "Auterive"),
        *("Auterive", CAR, (OFFICER, TRAINEE), "finish"),
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
        attended = Sitting.objects.filter(term=context.term, starts_at__gte=starts_at, ends_at__lte=ends_at)
        values["sitting"] = attended.filter(place_name__contains=place).first()
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
