"""What the call and the draw bring to the rooms."""

from collections.abc import Iterable
from typing import Any

from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from draws.portal import call, draw

# One statement for everything that the call and the draw wait for.
LINES = todo.PendingLists(call.EXAMINATIONS, draw.NEXT_ACTS, draw.CONTESTATIONS, draw.CALLS)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [LINES] if is_team(user, term) else []


todo.register("desk", desk_lines)
