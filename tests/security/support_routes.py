"""Pages of the support beside those of its registers."""

from tests.factories.support import SupportRequestFactory, TrainingFactory
from tests.people import People
from tests.security.routes import TEAM, Route


def request_of(people: People) -> dict[str, int]:
    return {"pk": SupportRequestFactory(assembly=people.assembly).pk}


def session_of(people: People) -> dict[str, int]:
    row = SupportRequestFactory(assembly=people.assembly)
    return {"pk": row.pk, "line": TrainingFactory(row=row).pk}


ROUTES: dict[str, Route] = {
    "mission:support-map": Route(get=TEAM),
    "mission:support-note": Route(get=TEAM, of=request_of),
    "mission:support-certificate": Route(get=TEAM, of=session_of),
}
