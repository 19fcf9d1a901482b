"""Answers on stage: a case of the assembly at work, answered by the directorate of `people["dir_contact"]`."""

from answers.models import AnswerCase, AnswerCaseState, AnswerValue, FollowUpState
from tests.factories.answers import AnswerCaseFactory, answer_in
from tests.factories.follow_up import FollowUpFactory

S = AnswerCaseState


def fresh(case):
    """Return the case as a page reads it."""
    return AnswerCase.objects.with_dossier().get(pk=case.pk)


def answered_by(people, state=S.ASSIGNED, *, associated=(), value=AnswerValue.ACCEPTED, **facts):
    """Make a case in any state, with the answer that it has then."""
    lead = {} if state in {S.AWAITING, S.CANCELLED} else {"directorate": people.directorate}
    whose = {} if "recommendation" in facts else {"recommendation__opinion__term": people.term}
    case = AnswerCaseFactory(state=state, **lead, **whose, **facts)
    case.associated.set(associated)
    if lead:
        answer_in(case, value)
    return fresh(case)


def followed_by(people, state=FollowUpState.PLANNED, *, value=AnswerValue.ACCEPTED, **facts):
    """Make a follow-up in any state, of a published answer, updated by the directorate of `people["dir_contact"]`."""
    return FollowUpFactory(
        case=answered_by(people, S.PUBLISHED, value=value), state=state, directorate=people.directorate, **facts
    )
