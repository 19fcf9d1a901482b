"""Predicates: who sees which figure, and who opens the rows that it was counted from."""

from collections.abc import Iterable
from typing import Any

from assembly.indicators.registry import Indicator, indicators
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Role, Term
from assembly.institution.rules import has_role, is_lead, is_team


def can_see_indicators(user: Any, term: Term | int) -> bool:
    """Return whether the user sees the dashboard, files and sheets of the back office: the team does."""
    return is_team(user, term)


def can_enter(user: Any, term: Term | int, indicator: Indicator) -> bool:
    """Return whether the user may enter a manual value: its owner may, and the lead for everybody."""
    if not indicator.is_manual:
        return False
    return is_lead(user, term) or (is_team(user, term) and holds(user, term, {indicator.owner}))


def can_seal_sheet(user: Any, term: Term | int) -> bool:
    return is_lead(user, term)


def holds(user: Any, term: Any, roles: Iterable[Role]) -> bool:
    """Return whether the user has one of the roles, in the term or in a directorate of its assembly."""
    role_set = set(roles)
    if has_role(user, role_set - DIRECTORATE_ROLES, term=term):
        return True
    assembly = getattr(term, "assembly_id", None)
    return assembly is not None and has_role(user, role_set & DIRECTORATE_ROLES, assembly=assembly)


def can_see_in_directorate_area(user: Any, term: Term) -> bool:
    """Return whether the user reads the dashboard of directorates and elected officials."""
    return holds(user, term, DIRECTORATE_ROLES | {Role.SPONSOR, Role.PRESIDENT})


def sees(user: Any, term: Term, indicator: Indicator) -> bool:
    return indicator.is_public or holds(user, term, {*TEAM_ROLES, *indicator.readers})


def opens(user: Any, term: Term, indicator: Indicator, breakdown: str = "", cell: str = "") -> bool:
    """Return whether this reader sees every row of that cell; others see the figure without a link."""
    if indicator.lines is None:
        return False
    if holds(user, term, indicator.openers):
        return True
    declaration = indicator.breakdown(breakdown)
    return bool(declaration and cell and cell in declaration.open_cells(user)) and sees(user, term, indicator)


def list_public_indicators() -> list[Indicator]:
    return [one for one in indicators() if one.is_public]
