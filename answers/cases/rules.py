"""Rights on an answer: directorates write and give their visa, the elected arbitrate and decide."""

from typing import Any

from answers.models import AnswerCase
from assembly.dossiers.reader_pages import ReaderPages, is_any_reader
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.rules import directorate_ids, has_role, is_lead
from consultations.reviews.rules import delegation_for, is_approver
from opinions.models import Opinion


def can_see_desk(user: Any, term: Any) -> bool:
    """Return whether the user may open the board of the back office."""
    return has_role(user, TEAM_ROLES, term=term)


CASE_PAGES = ReaderPages(
    (lambda user, case: can_see_desk(user, case.opinion.term_id), "answers:desk-case"),
    (is_any_reader, "answers:directorate-case"),
)
FOLLOW_UP_PAGES = ReaderPages(
    (lambda user, follow_up: can_see_desk(user, follow_up.case.opinion.term_id), "answers:desk-follow-up", "case_id"),
    (is_any_reader, "answers:directorate-case", "case_id"),
)


def can_seal_table(user: Any, opinion: Opinion) -> bool:
    """Return whether the user may seal and publish the answer table of an opinion."""
    return is_lead(user, opinion.term_id)


def works_in_lead_directorate(user: Any, case: AnswerCase) -> bool:
    """Return whether the user is contact or approver of the lead directorate, who submit to the visa."""
    return case.directorate_id is not None and has_role(user, DIRECTORATE_ROLES, directorate=case.directorate_id)


def can_write_answer(user: Any, case: AnswerCase) -> bool:
    """Return whether the user is contact or approver of the lead or of an associated directorate."""
    if works_in_lead_directorate(user, case):
        return True
    own = directorate_ids(user, DIRECTORATE_ROLES)
    return bool(own) and case.associated.filter(pk__in=own).exists()


def can_give_visa(user: Any, case: AnswerCase) -> bool:
    """Return whether the user is an approver of the lead directorate, or holds a delegation of one today."""
    directorate_id = case.directorate_id
    return directorate_id is not None and (
        is_approver(user, directorate_id) or delegation_for(user, directorate_id) is not None
    )


def is_president(user: Any, case: AnswerCase) -> bool:
    return has_role(user, Role.PRESIDENT, term=case.opinion.term_id)


def is_sponsor(user: Any, case: AnswerCase) -> bool:
    return has_role(user, Role.SPONSOR, term=case.opinion.term_id)
