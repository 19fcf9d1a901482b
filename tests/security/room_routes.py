"""The sheet of the keeper, beside the registers of rooms and of their bookings."""

from tests.factories.mission import ResourceFactory
from tests.security.routes import TEAM, Route

ROUTES: dict[str, Route] = {
    "mission:keeper-sheet": Route(get=TEAM, of=lambda p: {"pk": ResourceFactory(assembly=p.assembly).pk}),
}
