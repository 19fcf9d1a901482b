"""Rights on tasks: those who work on the term in the back office."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assembly.identity.models import Person
from assembly.institution.models import TEAM_ROLES, Role, RoleAssignment, Term
from assembly.institution.rules import has_role, term_ids

TASK_ROLES = TEAM_ROLES | {Role.FACILITATOR}
CORRECTION = timedelta(minutes=15)  # how long an author may correct a note


def can_use_tasks(user: Any, term: Term | int) -> bool:
    """Return whether the user sees and takes the tasks of the term: its team and its facilitators."""
    return has_role(user, TASK_ROLES, term=term)


def task_terms(user: Any) -> set[int]:
    """Return the terms whose tasks the user sees."""
    return term_ids(user, TASK_ROLES)


def roles_for_tasks(term: Term | int) -> Any:
    """Return the present roles with which somebody may be given a task of the term."""
    return RoleAssignment.objects.filter(term=term, role__in=TASK_ROLES, ended_at=None, user__is_active=True)


def colleagues(term: Term | int) -> Any:
    """Return the persons who may be given a task of the term."""
    return Person.objects.filter(pk__in=roles_for_tasks(term).values("user__person")).order_by("sort_name", "pk")


def is_fresh(note: Any) -> bool:
    """Return whether the note may still be corrected; later another one is added below it."""
    return timezone.now() - note.written_at < CORRECTION
