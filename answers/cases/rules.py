"""Rights on an answer, its clock, and what it must contain before it is sent.

Days are calendar days in Paris: the night of the clock change is a day like any other, and so is the 29th of February.
The clock starts on the day of the handover, which counts as day 0, and stops on the day of the first published answer:
a revision does not start it again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from answers.cases.models import LEAST_WORDS, OF_VALUE
from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue
from assembly.dossiers.pages import ReaderPages, is_any_reader
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Role, Term
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


@dataclass(frozen=True)
class Clock:
    """Days since the handover, days left, days late; one of the last two is always 0.

    `is_stopped`: answered, or cancelled; no day is left then. `since` and `late` of an answered case are those of the
    day on which it was answered.
    """

    since: int
    left: int
    late: int
    is_stopped: bool

    @property
    def is_late(self) -> bool:
        return self.late > 0


def due_day(opened_on: date, term: Term) -> date:
    """Return the day by which the council answers what was handed over that day: the rule of the term."""
    return opened_on + timedelta(days=term.answer_days)


def clock_of(case: AnswerCase, today: date) -> Clock:
    """Return the clock on that day, in Paris (`timezone.localdate()`)."""
    is_stopped = case.answered_on is not None or case.state == AnswerCaseState.CANCELLED
    day = case.answered_on or today
    margin = (case.due_on - day).days
    return Clock(
        since=(day - case.opened_on).days,
        left=0 if is_stopped else max(margin, 0),
        late=0 if case.state == AnswerCaseState.CANCELLED else max(-margin, 0),
        is_stopped=is_stopped,
    )


def redated(case: AnswerCase, on: date, term: Term) -> tuple[date, date]:
    """Return the first and the last day once the day of the handover is corrected.

    A last day that was changed by hand stays, unless it would come before the handover.
    """
    due = max(case.due_on, on) if case.due_reason else due_day(on, term)
    return on, due


V = AnswerValue
# One of both fields is enough.
EITHER = {"proof": "proof_url", "proof_url": "proof"}


def required_fields(value: str) -> tuple[str, ...]:
    """Return the columns that a value needs besides the text; none for a draft without a value."""
    return OF_VALUE[AnswerValue(value)] if value else ()


def missing_fields(answer: Answer) -> list[ValidationError]:
    """Return one error for each missing part, with the column as code; empty when the answer may be sent."""
    names = ["value", "body", *required_fields(answer.value)]
    errors = [_missing_error(name) for name in names if not _has_field(answer, name)]
    if answer.value == V.REJECTED and answer.body.strip() and not is_sentence(answer.body):
        sentence = _("Un refus s’explique : écrivez pourquoi en une vraie phrase, d’au moins %(least)s mots.")
        errors.append(ValidationError(sentence % {"least": LEAST_WORDS}, code="body"))
    return errors


def _has_field(answer: Answer, name: str) -> bool:
    return any(_is_filled(getattr(answer, one)) for one in (name, EITHER.get(name, name)))


def _is_filled(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _missing_error(name: str) -> ValidationError:
    label = Answer._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # -- a column, not a reverse relation
    return ValidationError(_("Il manque : %(what)s."), code=name, params={"what": label})


def is_sentence(text: str) -> bool:
    """Return whether the text has enough words, most of them different: not « non », nor one word eight times."""
    tokens = text.split()
    return len(tokens) >= LEAST_WORDS and len({token.casefold() for token in tokens}) > LEAST_WORDS // 2


def without_other_fields(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values without the fields of another value: a refusal’s reason is no part of « acceptée »."""
    own = required_fields(values.get("value", ""))
    others = {name for names in OF_VALUE.values() for name in names}.difference(own)
    return {name: (EMPTY.get(name, "") if name in others else value) for name, value in values.items()}


EMPTY = {"done_since": None, "review_on": None}
