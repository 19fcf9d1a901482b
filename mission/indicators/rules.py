"""Who sees which figure, and who opens the rows that it was counted from."""

from collections.abc import Iterable
from typing import Any

from assembly.indicators.registry import Indicator, indicators
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import has_role, is_lead, is_team

ROOM_ROLES = DIRECTORATE_ROLES | {Role.SPONSOR, Role.PRESIDENT}


def can_see_indicators(user: Any, term: Term | int) -> bool:
    """The dashboard of the bureau, its files, its sheets: the team."""
    return is_team(user, term)


def can_enter(user: Any, term: Term | int, indicator: Indicator) -> bool:
    """A value that the house does not hold: its owner, and the lead for everybody."""
    if not indicator.is_manual:
        return False
    return is_lead(user, term) or (is_team(user, term) and holds(user, term, {indicator.owner}))


def can_seal_sheet(user: Any, term: Term | int) -> bool:
    return is_lead(user, term)


def holds(user: Any, term: Any, roles: Iterable[Role]) -> bool:
    """A role of the term, or of a directorate of its assembly."""
    wanted = set(roles)
    if has_role(user, wanted - DIRECTORATE_ROLES, term=term):
        return True
    place = getattr(term, "assembly_id", None)
    return place is not None and has_role(user, wanted & DIRECTORATE_ROLES, assembly=place)


def can_see_in_room(user: Any, term: Term) -> bool:
    """Directorates and the elected, in the room of those who answer."""
    return holds(user, term, ROOM_ROLES)


def sees(user: Any, term: Term, indicator: Indicator) -> bool:
    return indicator.is_public or holds(user, term, {*TEAM_ROLES, *indicator.readers})


def opens(user: Any, term: Term, indicator: Indicator, breakdown: str = "", cell: str = "") -> bool:
    """Whether this reader sees every row of that cell; others see the figure without a link."""
    if indicator.lines is None:
        return False
    if holds(user, term, indicator.openers):
        return True
    found = indicator.breakdown(breakdown)
    return bool(found and cell and cell in found.opens(user)) and sees(user, term, indicator)


def indicators_told() -> list[Indicator]:
    return [one for one in indicators() if one.is_public]
