"""Areas of the site and the roles that may enter them. A closed area answers 403 before any id is looked up.

What stands below the address of a menu line follows the rule of that line. An app opens the other parts that it serves
(`open_area`, in its `contributions`), which come first; the rest follows `GENERAL`. In an open area an object that the
reader may not see is 404, as one that does not exist; the homes of the areas, which have no id, and public pages are
left to their own views.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from assembly.institution import menu
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.rules import has_role

DESK = TEAM_ROLES | {Role.FACILITATOR}
OFFICES = frozenset({Role.SPONSOR, Role.PRESIDENT})
type Area = tuple[re.Pattern[str], frozenset[Role]]
GENERAL: list[Area] = [
    (re.compile(r"/bureau/."), DESK),
    (re.compile(r"/instructions/."), DIRECTORATE_ROLES | OFFICES),
]
_areas: dict[str, Area] = {}


def open_area(pattern: str, roles: Collection[Role]) -> None:
    """Let these roles, and no other, enter the paths that begin with the pattern.

    The first pattern that matches decides, in the order in which the apps are loaded. Raises ValueError for a pattern
    that another app has opened.
    """
    if pattern in _areas:
        raise ValueError(f"The area {pattern!r} is open already.")
    _areas[pattern] = (re.compile(pattern), frozenset(roles))


def may_enter(user: Any, path: str) -> bool:
    """Return whether the area of this path, if it is one, is open to a role that `user` has somewhere."""
    roles = next((roles for area, roles in _areas.values() if area.match(path)), None)
    if roles is None and (line := menu.line_of(path)):
        return line in dict(menu.lines_of(line.area, menu.role_places(user)))
    roles = roles or next((roles for area, roles in GENERAL if area.match(path)), None)
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
