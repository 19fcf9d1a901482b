"""Who may do what with an answer: directorates write and give their visa, the elected arbitrate and decide."""

from typing import Any

from answers.models import AnswerFile
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.rules import directorate_ids, has_role, is_lead, is_team
from consultations.rules.reviews import delegation_for, is_approver
from opinions.models import Opinion


def can_see_desk(user: Any, term: Any) -> bool:
    """The board of the bureau."""
    return has_role(user, TEAM_ROLES, term=term)


def can_seal_table(user: Any, opinion: Opinion) -> bool:
    """Seal and publish the answer table of an opinion."""
    return is_lead(user, opinion.term_id)


def answers_there(user: Any, file: AnswerFile) -> bool:
    """Contact or approver of the lead directorate: who sends to the visa."""
    return file.directorate_id is not None and has_role(user, DIRECTORATE_ROLES, directorate=file.directorate_id)


def writes(user: Any, file: AnswerFile) -> bool:
    """The same, or of an associated directorate."""
    if answers_there(user, file):
        return True
    own = directorate_ids(user, DIRECTORATE_ROLES)
    return bool(own) and file.associated.filter(pk__in=own).exists()


def can_give_visa(user: Any, file: AnswerFile) -> bool:
    """An approver of the lead directorate, or who holds a delegation of one today."""
    place = file.directorate_id
    return place is not None and (is_approver(user, place) or delegation_for(user, place) is not None)


def is_president(user: Any, file: AnswerFile) -> bool:
    return has_role(user, Role.PRESIDENT, term=file.opinion.term_id)


def is_sponsor(user: Any, file: AnswerFile) -> bool:
    return has_role(user, Role.SPONSOR, term=file.opinion.term_id)


def can_read_draft(user: Any, file: AnswerFile) -> bool:
    """What is not published: who writes it, who signs it, who arbitrates and decides, the team."""
    deciders = is_president(user, file) or is_sponsor(user, file)
    return deciders or is_team(user, file.opinion.term_id) or writes(user, file)
