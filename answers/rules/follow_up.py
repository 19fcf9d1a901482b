"""Who tells how a promise goes, by which day, and what a proof is: pure functions of a follow-up."""

from datetime import date
from typing import Any

from answers.models import FollowUp
from assembly.identity.personal_data import months_later
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES
from assembly.institution.models import Term
from assembly.institution.rules import has_role


def tells(user: Any, follow_up: FollowUp) -> bool:
    """Contact or approver of the directorate in charge."""
    place = follow_up.directorate_id
    return place is not None and has_role(user, DIRECTORATE_ROLES, directorate=place)


def can_see_follow_ups(user: Any, term: Term | int) -> bool:
    """The list of the bureau."""
    return has_role(user, TEAM_ROLES, term=term)


def update_due(on: date, term: Term) -> date:
    """The day by which the next update is told: the rule of the term."""
    return months_later(on, term.follow_up_months)


def late_days(follow_up: FollowUp, today: date) -> int:
    """Days since the update was due; 0 while it is not late, and for one that is closed."""
    return max((today - follow_up.update_due_on).days, 0) if follow_up.update_due_on else 0
