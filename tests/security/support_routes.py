"""Pages of the support beside those of its registers."""

from collections.abc import Callable
from typing import Any

from tests.factories.support import SupportRequestFactory, TrainingFactory
from tests.people import People
from tests.security.routes import DIRECTORATES, TEAM, Route

NO = False


def request_of(people: People) -> dict[str, int]:
    return {"pk": SupportRequestFactory(assembly=people.assembly).pk}


def session_of(people: People) -> dict[str, int]:
    row = SupportRequestFactory(assembly=people.assembly)
    return {"pk": row.pk, "line": TrainingFactory(row=row).pk}


def own_request(state: str = "received", **more: str) -> Callable[[People], dict[str, Any]]:
    """Make a request of the directorate of `dir_contact` and `dir_approver`."""
    return lambda p: {
        "pk": SupportRequestFactory(assembly=p.assembly, directorate=p.directorate, state=state).pk,
        **more,
    }


ROUTES: dict[str, Route] = {
    "mission:support-map": Route(get=TEAM),
    "mission:support-note": Route(get=TEAM, of=request_of),
    "mission:support-territories": Route(get=TEAM),
    "mission:support-certificates": Route(get=TEAM, post=TEAM, of=session_of, data={"names": "Ana Ruiz"}),
    # `crosses`: each reads, and asks for, their own directorate.
    "mission:directorate-support": Route(get=DIRECTORATES, crosses=True),
    "mission:directorate-support-new": Route(
        get=DIRECTORATES,
        post=DIRECTORATES,
        data=lambda p: {
            "directorate": p.directorate.pk,
            "name": "Une réunion",
            "need": "La préparer.",
            "policy": "autonomy",
        },
        crosses=True,
    ),
    "mission:directorate-support-row": Route(get=DIRECTORATES, of=own_request()),
    "mission:directorate-support-edit": Route(
        get=DIRECTORATES,
        post=DIRECTORATES,
        of=own_request(),
        data={"name": "Une réunion", "need": "La préparer.", "policy": "autonomy", "version": "1"},
    ),
    "mission:directorate-support-note": Route(get=DIRECTORATES, of=own_request("delivered")),
    "mission:directorate-support-step": Route(
        get=DIRECTORATES,
        post=DIRECTORATES,
        of=own_request("delivered", slug="evaluer"),
        data={"rating": "4", "evaluation": "Deux réunions tenues."},
    ),
}
ROUTES_THAT_WRITE = {
    "mission:support-certificates": NO,
    "mission:directorate-support-new": NO,
    "mission:directorate-support-edit": NO,
}
