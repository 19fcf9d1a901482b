"""The team of 2026: two agents, an assistant at 80 %, a trainee in spring and summer; October was overloaded."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from demo.clock import at
from demo.context import DemoContext
from demo.mission.budget import METHOD, OUTREACH, WELCOME
from mission.budget.models import BudgetLine
from mission.people.models import TeamPost
from mission.people.register import PEOPLE
from mission.registers.actions import add_line, create
from sessions.models import Sitting

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
