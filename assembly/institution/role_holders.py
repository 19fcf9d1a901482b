"""People who may act on a dossier: those whose roles pass the permission of a step, and what a reader sees of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from assembly.dossiers.awaited import AwaitedPeople
from assembly.identity.models import User
from assembly.institution.enums import SECOND_FACTOR_ROLES, TEAM_ROLES, Role
from assembly.institution.models import RoleAssignment
from assembly.institution.rules import has_role, stand_in_reader, successor_pairs, with_predecessors
from assembly.workflow import Permission


def people_who_may(
    reader: Any, row: models.Model, permissions: Sequence[Permission[Any]], *, assembly: int, term: int | None
) -> AwaitedPeople:
    """Return the users whom one of `permissions` lets act on `row`, members only where nobody else may.

    The team of the term, or of the assembly for what belongs to no term, sees names; readers with a role of strong
    sign-in there may write to them, a member may not.
    """
    assignments = RoleAssignment.objects.filter(assembly=assembly, ended_at=None, user__is_active=True)
    members = Q(role=Role.MEMBER)
    people = _passing(assignments.exclude(members), row, permissions) or _passing(
        assignments.filter(members), row, permissions
    )
    place = {"term": term} if term else {"assembly": assembly}
    return AwaitedPeople(
        people,
        are_named=has_role(reader, TEAM_ROLES, **place),
        may_be_reminded=has_role(reader, SECOND_FACTOR_ROLES, assembly=assembly),
    )


def _passing(
    assignments: models.QuerySet[RoleAssignment], row: models.Model, permissions: Iterable[Permission[Any]]
) -> list[User]:
    """Return the users with these roles whom a permission lets pass, by name.

    Each is checked on a copy of the user whose roles are loaded already.
    """
    roles: dict[int, list[RoleAssignment]] = defaultdict(list)
    users: dict[int, User] = {}
    for assignment in assignments.select_related("user__person").order_by("user__person__sort_name", "pk"):
        roles[assignment.user_id].append(assignment)
        users[assignment.user_id] = assignment.user
    works_in = {pk: [role.directorate_id for role in rows if role.directorate_id] for pk, rows in roles.items()}
    successors = successor_pairs() if any(works_in.values()) else []
    passing = []
    for pk, user in users.items():
        reader = stand_in_reader(pk, user.person_id, roles[pk], with_predecessors(works_in[pk], successors))
        if any(may(reader, row) for may in permissions):
            passing.append(user)
    return passing
