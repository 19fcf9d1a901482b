"""Rights on a draw. What is not granted is refused; the README has the same table."""

from typing import Any

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import has_role, is_lead, is_team
from draws.models import Draw


def can_see_draws(user: Any, term: Term | int) -> bool:
    """Return whether the user is in the team or the commissaire de justice, who reads and attests."""
    return has_role(user, TEAM_ROLES | {Role.WITNESS}, term=term)


def can_prepare(user: Any, term: Term | int) -> bool:
    return is_team(user, term)


def can_see_names(user: Any, draw: Draw) -> bool:
    """Return whether the user may read names: the team; the commissaire de justice once the list is frozen."""
    term = draw.term_id
    return is_team(user, term) or (draw.frozen_at is not None and has_role(user, Role.WITNESS, term=term))


def is_witness(user: Any, draw: Draw) -> bool:
    return has_role(user, Role.WITNESS, term=draw.term_id)


def may_freeze(user: Any, draw: Draw) -> bool:
    """Return whether the user is the lead and prepared neither the draw nor the quotas that count."""
    prepared = {draw.prepared_by_id, draw.quotas.created_by_id if draw.quotas else None}
    return is_lead(user, draw.term_id) and user.pk not in prepared
