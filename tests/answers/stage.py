"""Answers on stage: a file of the assembly at work, answered by the directorate of `people["dir_contact"]`."""

from answers.enums import AnswerFileState, AnswerValue, FollowUpState
from answers.models import AnswerFile
from tests.factories.answers import AnswerFileFactory, answer_in
from tests.factories.follow_up import FollowUpFactory

S = AnswerFileState


def fresh(file):
    """The file as a page reads it."""
    return AnswerFile.objects.with_dossier().get(pk=file.pk)


def answered_by(people, state=S.ASSIGNED, *, associated=(), value=AnswerValue.ACCEPTED, **facts):
    """In any state, with the answer that it has then."""
    lead = {} if state in {S.AWAITING, S.CANCELLED} else {"directorate": people.directorate}
    whose = {} if "recommendation" in facts else {"recommendation__opinion__term": people.term}
    file = AnswerFileFactory(state=state, **lead, **whose, **facts)
    file.associated.set(associated)
    if lead:
        answer_in(file, value)
    return fresh(file)


def followed_by(people, state=FollowUpState.PLANNED, *, value=AnswerValue.ACCEPTED, **facts):
    """What a published answer promises, told by the directorate of `people["dir_contact"]`, in any state."""
    return FollowUpFactory(
        file=answered_by(people, S.PUBLISHED, value=value), state=state, directorate=people.directorate, **facts
    )
