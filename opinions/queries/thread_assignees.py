"""Assignees of the threads about the texts of opinions."""

from typing import Any

from assembly.collab.models import SharedText
from assembly.collab.registry import Assignees
from assembly.identity.models import User
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Directorate, RoleAssignment
from assembly.institution.rules import is_team
from opinions.enums import OpinionState, ServicesCheckState
from opinions.models import Opinion

STAFF = TEAM_ROLES | {Role.FACILITATOR}


def section_assignees(text: SharedText, user: Any) -> Assignees | None:
    """Return staff, for the team that assigns; during the check also the directorates that were asked."""
    opinion = text.opinion_section.opinion
    if not is_team(user, opinion.term_id):
        return None
    reading = opinion.state == OpinionState.SERVICES_CHECK
    return Assignees(staff(opinion), directorates(opinion) if reading else [])


def opinion_assignees(text: SharedText, user: Any) -> Assignees | None:
    """Return staff only, since directorates do not read the one text."""
    opinion = text.opinion
    return Assignees(staff(opinion)) if is_team(user, opinion.term_id) else None


def staff(opinion: Opinion) -> list[User]:
    roles = RoleAssignment.objects.filter(term=opinion.term_id, role__in=STAFF, ended_at=None)
    people = User.objects.filter(pk__in=roles.values("user_id"), is_active=True)
    return list(people.select_related("person").order_by("person__sort_name", "pk"))


def directorates(opinion: Opinion) -> list[Directorate]:
    rows = Directorate.objects.filter(
        check_requests__opinion=opinion, check_requests__state__in=ServicesCheckState.tagged("open"), closed_on=None
    )
    return list(rows.distinct().order_by("name__alphabetical", "pk"))
