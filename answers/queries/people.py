"""Whom an answer waits for, and who is told of it."""

from answers.models import AnswerFile, FollowUp
from answers.rules.files import can_give_visa
from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment
from consultations.queries.desk import agents_of, contacts_of


def writers_of(file: AnswerFile) -> list[User]:
    """The contacts of the lead directorate, then of the associated ones; approvers where nobody else writes."""
    places = [file.directorate_id, *file.associated.order_by("pk").values_list("pk", flat=True)]
    return [user for place in places if place for user in contacts_of(place)]


def signers_of(file: AnswerFile) -> list[User]:
    """Approvers of the lead directorate, and who holds a delegation of one today."""
    if file.directorate_id is None:
        return []
    return [user for user in agents_of(file.directorate_id) if can_give_visa(user, file)]


def approvers_of(file: AnswerFile) -> list[User]:
    return agents_of(file.directorate_id, [Role.DIR_APPROVER]) if file.directorate_id else []


def tellers_of(follow_up: FollowUp) -> list[User]:
    """The contacts of the directorate in charge of what was promised; the approvers where nobody else writes."""
    return contacts_of(follow_up.directorate_id) if follow_up.directorate_id else []


def approvers_in_charge(follow_up: FollowUp) -> list[User]:
    return agents_of(follow_up.directorate_id, [Role.DIR_APPROVER]) if follow_up.directorate_id else []


def sponsors_of(file: AnswerFile) -> list[User]:
    """The elected who arbitrate."""
    return holders_of(file, Role.SPONSOR)


def holders_of(file: AnswerFile, role: Role) -> list[User]:
    held = RoleAssignment.objects.filter(term=file.opinion.term_id, role=role, ended_at=None)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True).select_related("person")
    return list(people.order_by("person__sort_name", "pk"))


def leads_of(file: AnswerFile) -> list[User]:
    """Who publishes."""
    return holders_of(file, Role.LEAD)


def waited_people(file: AnswerFile) -> list[User]:
    """Whose turn it is, outside the bureau and the president's office, which have their lists."""
    turns = {"assigned": writers_of, "submitted": signers_of, "arbitration": sponsors_of}
    found = turns.get(file.state)
    return found(file) if found else []
