"""Who may do what during the services' check. The team asks, the contact notes, the approver gives."""

from typing import Any

from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.rules import has_role, is_team
from consultations.rules.reviews import delegation_for
from opinions.enums import OpinionState
from opinions.models import ServicesRequest
from opinions.workflows.checks import CHECK

# Late notes are welcome until the text leaves for the plenary.
READ_IN = frozenset({OpinionState.SERVICES_CHECK, OpinionState.CONSOLIDATED})
TEAM_VERBS = frozenset({"close"})
APPROVER_VERBS = frozenset({"validate", "return"})
VERBS = ("draft", "submit", "validate", "return", "close")


def works_there(user: Any, request: ServicesRequest) -> bool:
    """Contact or approver of the directorate that is asked."""
    return has_role(user, DIRECTORATE_ROLES, directorate=request.directorate_id)


def can_give_visa(user: Any, request: ServicesRequest) -> bool:
    """The approver, or who holds a delegation of one today."""
    if has_role(user, Role.DIR_APPROVER, directorate=request.directorate_id):
        return True
    return delegation_for(user, request.directorate_id) is not None


def holds_right(user: Any, request: ServicesRequest, verb: str) -> bool:
    if verb in TEAM_VERBS:
        return is_team(user, request.opinion.term_id)
    return can_give_visa(user, request) if verb in APPROVER_VERBS else works_there(user, request)


def can_take(user: Any, request: ServicesRequest, verb: str) -> bool:
    """A step of one directorate's reading, from its present state, while the opinion still takes notes."""
    if verb not in CHECK.verbs_from(request.state) or not holds_right(user, request, verb):
        return False
    return verb in TEAM_VERBS or request.opinion.state in READ_IN


def can_follow(user: Any, request: ServicesRequest) -> bool:
    """Remind, or give another day: the team, while something is awaited."""
    return is_team(user, request.opinion.term_id) and request.is_open


def abilities(user: Any, request: ServicesRequest) -> dict[str, bool]:
    steps = {verb: can_take(user, request, verb) for verb in VERBS}
    return steps | {"follow": can_follow(user, request)}
