"""The plan of the team’s load and the order of mission, beside the registers of the team and of its trips."""

from typing import Any

from tests.factories.team import AllocationFactory, TeamPostFactory, TripFactory
from tests.people import People
from tests.security.routes import TEAM, Route


def plan(people: People) -> dict[str, Any]:
    """Make allocations of a person who is overbooked from October to December, on two topics."""
    post = TeamPostFactory(assembly=people.assembly, capacity=80)
    for topic, percent in (("Rédaction des avis", 45), ("Réseaux", 50)):
        AllocationFactory(row=post, topic=topic, percent=percent)
    return {}


ROUTES: dict[str, Route] = {
    "mission:workload": Route(get=TEAM, of=plan, crosses=True),
    "mission:trip-order": Route(get=TEAM, of=lambda p: {"pk": TripFactory(assembly=p.assembly).pk}),
}
