"""Widgets and pending tasks of the call and the draw in the areas of the site."""

from collections.abc import Iterable
from typing import Any

from assembly.institution import todo
from assembly.institution.areas import open_area
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.institution.todo import add_to_do
from draws.portal import call, draw

open_area(r"/bureau/candidatures/", TEAM_ROLES)
open_area(r"/bureau/tirages/", TEAM_ROLES | {Role.WITNESS})
open_area(r"/espace/tirages/", {Role.MEMBER})

# One statement lists every pending task of the call and the draw.
LINES = todo.PendingLists(call.EXAMINATIONS, draw.NEXT_ACTS, draw.CONTESTATIONS, draw.CALLS)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [LINES] if is_team(user, term) else []


add_to_do("desk", desk_lines)
