"""Whose turn it is to work on an answer, and who is notified."""

from answers.cases.rules import can_give_visa
from answers.models import AnswerCase, FollowUp
from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment
from consultations.reviews.queries import agents_of, contacts_of


def writers_of(case: AnswerCase) -> list[User]:
    """Return the contacts of the lead directorate, then of those that help; approvers where nobody else writes."""
    directorates = [case.directorate_id, *case.associated.order_by("pk").values_list("pk", flat=True)]
    return [user for directorate in directorates if directorate for user in contacts_of(directorate)]


def signers_of(case: AnswerCase) -> list[User]:
    """Return the approvers of the lead directorate, and those who hold a delegation of one today."""
    if case.directorate_id is None:
        return []
    return [user for user in agents_of(case.directorate_id) if can_give_visa(user, case)]


def approvers_of(case: AnswerCase) -> list[User]:
    return agents_of(case.directorate_id, [Role.DIR_APPROVER]) if case.directorate_id else []


def update_writers_of(follow_up: FollowUp) -> list[User]:
    """Return the contacts of the directorate in charge of a promise; its approvers where nobody else writes."""
    return contacts_of(follow_up.directorate_id) if follow_up.directorate_id else []


def approvers_in_charge(follow_up: FollowUp) -> list[User]:
    return agents_of(follow_up.directorate_id, [Role.DIR_APPROVER]) if follow_up.directorate_id else []


def sponsors_of(case: AnswerCase) -> list[User]:
    """Return the elected who arbitrate."""
    return holders_of(case, Role.SPONSOR)


def holders_of(case: AnswerCase, role: Role) -> list[User]:
    assignments = RoleAssignment.objects.filter(term=case.opinion.term_id, role=role, ended_at=None)
    people = User.objects.filter(pk__in=assignments.values("user"), is_active=True).select_related("person")
    return list(people.order_by("person__sort_name", "pk"))


def leads_of(case: AnswerCase) -> list[User]:
    """Return the users who publish answers."""
    return holders_of(case, Role.LEAD)


def waited_people(case: AnswerCase) -> list[User]:
    """Return those whose turn it is, except the back office and the president’s office, which have their lists."""
    turns = {"assigned": writers_of, "submitted": signers_of, "arbitration": sponsors_of}
    get_users = turns.get(case.state)
    return get_users(case) if get_users else []
