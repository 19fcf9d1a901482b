"""Rights on tasks and notes: the team alone, since they may name people whom facilitators do not see.

Facilitators read what a sitting decided, and act on nothing.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from assembly.identity.models import Person
from assembly.institution.models import TEAM_ROLES, Role, RoleAssignment, Term
from assembly.institution.rules import is_facilitator, is_team, term_ids

CORRECTION = timedelta(minutes=15)  # how long an author may correct a note


def can_use_tasks(user: Any, term: Term | int) -> bool:
    """Return whether the user sees and takes the tasks of the term."""
    return is_team(user, term)


def reads_decided_alone(user: Any, term: Term | int) -> bool:
    """Return whether the user reads only those tasks of the term that a sitting decided."""
    return is_facilitator(user, term) and not can_use_tasks(user, term)


def can_read_tasks(user: Any, term: Term | int) -> bool:
    """Return whether the user reads tasks of the term."""
    return can_use_tasks(user, term) or is_facilitator(user, term)


def facilitated_terms(user: Any) -> set[int]:
    """Return the terms of which the user reads the tasks that a sitting decided."""
    return term_ids(user, Role.FACILITATOR)


def task_terms(user: Any) -> set[int]:
    """Return the terms whose tasks the user sees."""
    return term_ids(user, TEAM_ROLES)


def roles_for_tasks(term: Term | int) -> Any:
    """Return the present roles with which somebody may be given a task of the term."""
    return RoleAssignment.objects.filter(term=term, role__in=TEAM_ROLES, ended_at=None, user__is_active=True)


def colleagues(term: Term | int) -> Any:
    """Return the persons who may be given a task of the term."""
    return Person.objects.filter(pk__in=roles_for_tasks(term).values("user__person")).order_by("sort_name", "pk")


def is_fresh(note: Any) -> bool:
    """Return whether the note may still be corrected; later another one is added below it."""
    return timezone.now() - note.written_at < CORRECTION


def subject_text(subject: Model | None) -> str:
    """Return what a form sends back of the object of its page: « app.Model:key »."""
    return f"{subject._meta.label}:{subject.pk}" if subject else ""
