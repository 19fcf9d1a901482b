"""Areas of the site and the roles that may enter them. A closed area answers 403 before any id is looked up.

The first line that matches the path decides. In an open area an object that the reader may not see is 404, as one that
does not exist; the homes of the areas, which have no id, and public pages are left to their own views.
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.rules import has_role

DESK = TEAM_ROLES | {Role.FACILITATOR}
OFFICES = frozenset({Role.SPONSOR, Role.PRESIDENT})
AREAS = [
    (re.compile(pattern), frozenset(roles))
    for pattern, roles in [
        (r"/bureau/(equipe|reglages|mandatures|directions)/", {Role.LEAD}),
        (r"/bureau/(journal)/", {Role.LEAD, Role.DPO, Role.ADMIN}),
        (r"/bureau/historique/", TEAM_ROLES | {Role.DPO, Role.ADMIN}),
        (r"/bureau/donnees/", {Role.DPO}),
        (r"/bureau/service/", {Role.LEAD, Role.ADMIN}),
        (r"/bureau/envois/", TEAM_ROLES | {Role.ADMIN}),
        (
            r"/bureau/(absences|frais|candidatures|personnes|avis|auto-saisines|corrections|decisions|points|votes|reponses"
            r"|suites)/",
            TEAM_ROLES,
        ),
        (r"/bureau/mission/indicateurs/", TEAM_ROLES),
        (r"/bureau/tirages/", TEAM_ROLES | {Role.WITNESS}),
        (r"/bureau/saisines/\d+/lettre/$", DESK | {Role.PRESIDENT}),  # the office reads the letter before its visa
        (r"/bureau/.", DESK),
        (r"/instructions/fil/", DIRECTORATE_ROLES | TEAM_ROLES),  # both write in the thread and delete their messages
        (r"/instructions/(appui|avis|preconisations|delegations)/", DIRECTORATE_ROLES),
        (r"/instructions/.", DIRECTORATE_ROLES | OFFICES),
        (r"/espace/saisines/.", DESK | OFFICES | {Role.MEMBER}),
        (r"/espace/avis/\d+/visa/$", frozenset(Role)),  # the person who chaired the vote, a member or not
        (r"/espace/avis/.", DESK | {Role.MEMBER}),
        (
            r"/espace/(frais|membres|moi|sujets|suites|tirages|amendements|positions-minoritaires|reponses)/",
            {Role.MEMBER},
        ),
    ]
]


def may_enter(user: Any, path: str) -> bool:
    """Return whether the area of this path, if it is one, is open to a role that `user` has somewhere."""
    roles = next((roles for area, roles in AREAS if area.match(path)), None)
    return roles is None or has_role(user, roles)


class AreaMiddleware:
    """Middleware that runs after the sign-in check, which redirects anonymous users to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        if request.user.is_authenticated and not may_enter(request.user, request.path):
            raise PermissionDenied
