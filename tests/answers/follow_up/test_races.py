"""Two persons at the same moment on one follow-up, each with their own connection: one thing is said, once."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from answers.follow_up import actions as follow_up
from answers.follow_up.rules import MilestoneContent, UpdateContent
from answers.models import AnswerValue, FollowUp, FollowUpState, ProgressUpdate
from assembly.dossiers.pages import CHANGED
from assembly.identity.models import User
from assembly.workflow import StateConflict
from tests.answers.stage import followed_by, fresh
from tests.factories.answers import AnswerFactory, said
from tests.factories.follow_up import MilestoneFactory, ProgressUpdateFactory
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)
S = FollowUpState


def user(people, who):
    return User.objects.get(pk=people[who].pk)


def again(row):
    return FollowUp.objects.with_dossier().get(pk=row.pk)


def names(results):
    return sorted("None" if result is None else type(result).__name__ for result in results)


def overtaken(result):
    """Return whether the result is a conflict in one of its two forms: after the lock or before the row was read."""
    return isinstance(result, StateConflict) or (isinstance(result, ValidationError) and result.code == CHANGED)


def test_two_updates_at_once_are_one(people):
    row = followed_by(people)
    users = [user(people, who) for who in ("dir_contact", "officer")]
    told = UpdateContent(state=S.IN_PROGRESS, text="Le bus est commandé.", added=("Le bus part", timezone.localdate()))
    results = together(*(lambda by=by: follow_up.publish_update(again(row), told, seen=0, by=by) for by in users))
    late = next(result for result in results if not isinstance(result, ProgressUpdate))
    assert overtaken(late)
    assert (row.updates.count(), row.milestones.count()) == (1, 1)


def test_a_closing_and_a_withdrawal_of_its_proof_leave_one_story(people):
    row = followed_by(people, S.IN_PROGRESS, reported_at=timezone.now())
    ProgressUpdateFactory(follow_up=row, proved=True)
    lead, officer = user(people, "lead"), user(people, "officer")
    results = together(
        lambda: follow_up.close_as_done(again(row), by=lead),
        lambda: follow_up.withdraw(again(row), 1, reason="Un nom y est.", by=officer),
    )
    assert names(results) == ["None", "ValidationError"]
    row = again(row)
    assert (row.state == S.DONE) == (row.updates.get().withdrawn_at is None)


def test_a_milestone_is_moved_once(people):
    row = followed_by(people)
    one = MilestoneFactory(follow_up=row)
    users = [user(people, who) for who in ("dir_contact", "officer")]
    moved = MilestoneContent(1, 1, one.label, timezone.localdate(), None, is_dropped=False)

    def change(by):
        return follow_up.change_milestones(again(row), [moved], reason="Le garage.", by=by)

    results = together(*(lambda by=by: change(by) for by in users))
    assert names(results) == ["ValidationError", "int"]
    assert sorted(row.milestones.values_list("version", flat=True)) == [1, 2]


def test_a_revision_that_refuses_while_the_directorate_tells(people):
    """Whoever is first, the end is the same: abandoned; the update is there if it came before."""
    row = followed_by(people, S.IN_PROGRESS)
    answer = AnswerFactory(case=row.case, number=2, published=True, **said(AnswerValue.REJECTED))
    contact, lead = user(people, "dir_contact"), user(people, "lead")
    told = UpdateContent(state=S.IN_PROGRESS, text="Le bus est commandé.")
    results = together(
        lambda: follow_up.publish_update(again(row), told, seen=0, by=contact),
        lambda: follow_up.follow_answer(fresh(row.case), answer, by=lead),
    )
    assert names(results) in (["None", "ProgressUpdate"], ["None", "StateConflict"], ["None", "ValidationError"])
    assert not any(isinstance(result, ValidationError) and result.code != "changed" for result in results)
    row = again(row)
    assert (row.state, row.update_due_on, row.reported_at) == (S.ABANDONED, None, None)
