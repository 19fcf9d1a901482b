"""The plan of the team’s load and the order of mission, beside the registers of the team and of its trips."""

from tests.factories.team import TripFactory
from tests.security.routes import TEAM, Route

ROUTES: dict[str, Route] = {
    "mission:workload": Route(get=TEAM),
    "mission:trip-order": Route(get=TEAM, of=lambda p: {"pk": TripFactory(assembly=p.assembly).pk}),
}
