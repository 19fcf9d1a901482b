"""Who takes care of what is said beside the texts of an opinion."""

from typing import Any

from assembly.collab.models import SharedText
from assembly.collab.registry import Assignees
from assembly.identity.models import User
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Directorate, RoleAssignment
from assembly.institution.rules import is_team
from opinions.enums import OpinionState
from opinions.models import Opinion
from opinions.models.recommendation import OPEN_CHECKS

STAFF = TEAM_ROLES | {Role.FACILITATOR}


def section_assignees(text: SharedText, user: Any) -> Assignees | None:
    """The team gives to staff; while the services read, to the directorates that were asked."""
    opinion = text.opinion_section.opinion
    if not is_team(user, opinion.term_id):
        return None
    reading = opinion.state == OpinionState.SERVICES_CHECK
    return Assignees(staff(opinion), directorates(opinion) if reading else [])


def opinion_assignees(text: SharedText, user: Any) -> Assignees | None:
    """Directorates do not read the one text: staff only."""
    opinion = text.opinion
    return Assignees(staff(opinion)) if is_team(user, opinion.term_id) else None


def staff(opinion: Opinion) -> list[User]:
    held = RoleAssignment.objects.filter(term=opinion.term_id, role__in=STAFF, ended_at=None)
    people = User.objects.filter(pk__in=held.values("user_id"), is_active=True)
    return list(people.select_related("person").order_by("person__sort_name", "pk"))


def directorates(opinion: Opinion) -> list[Directorate]:
    rows = Directorate.objects.filter(
        check_requests__opinion=opinion, check_requests__state__in=OPEN_CHECKS, closed_on=None
    )
    return list(rows.distinct().order_by("name__alphabetical", "pk"))
