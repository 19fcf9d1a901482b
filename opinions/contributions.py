"""To-do lines of all features, read in one statement for each area."""

from collections.abc import Iterable
from typing import Any

from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.rules import is_member, is_team
from assembly.institution.todo import add_to_do
from opinions.amendments import contributions as amendments
from opinions.opinions.contributions import (
    SECTION,
    TITLED,
    next_line,
    visa_line,
    writing_line,
)
from opinions.opinions.queries import for_team, to_sign, to_write

DESK = todo.PendingLists(
    todo.PendingRows(for_team, TITLED | {"state": "state"}, next_line, sort_field="title"), *amendments.DESK
)
MEMBER = todo.PendingLists(
    todo.PendingRows(to_write, SECTION, writing_line, due="opinion__referral__due_on", sort_field="title"),
    todo.PendingRows(to_sign, TITLED, visa_line, sort_field="title"),
    *amendments.MEMBER,
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the opinions whose next step is the team's, or whose amendments are to be checked."""
    return [DESK] if is_team(user, term) else []


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return what a member has to do: texts to write, visas to give, amendments and positions."""
    return [MEMBER] if is_member(user, term) else []


add_to_do("desk", desk_lines)
add_to_do("member", member_lines)
