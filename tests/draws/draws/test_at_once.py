"""Several persons at the same moment, each with their own connection: one draw, one list, one computation."""

import pytest

from assembly.identity.models import User
from draws.candidates.models import CandidateState
from draws.draws.actions import ceremony, computation, preparation as actions
from draws.models import BallReading, Computation, ComputationState, DrawResult, DrawState, FrozenPool, PoolEntry
from tests.draws.stage import BALLS, DICE, draw_in, fresh
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)
S = DrawState


def users(people, *roles):
    return [User.objects.get(pk=people[role].pk) for role in roles]


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_digits_typed_at_once_make_one_draw(people):
    draw = draw_in(people, S.ANNOUNCED)
    readers = users(people, "officer", "lead", "witness")
    answers = together(
        *(lambda who=who: ceremony.read_digits(fresh(draw), balls=BALLS, dice=DICE, by=who) for who in readers)
    )
    assert kinds(answers) == ["BallReading", "BallReading", "StateConflict"]
    assert (DrawResult.objects.count(), fresh(draw).state) == (1, S.DRAWN)


def test_one_person_in_two_windows_fills_one_place(people):
    draw = draw_in(people, S.ANNOUNCED)
    officers = users(people, "officer", "officer")
    answers = together(
        *(lambda who=who: ceremony.read_digits(fresh(draw), balls=BALLS, dice=DICE, by=who) for who in officers)
    )
    assert kinds(answers) == ["BallReading", "ValidationError"]
    assert BallReading.objects.count() == 1


def test_a_list_is_frozen_once(people):
    draw = draw_in(people, S.CHECKED)
    leads = users(people, "lead", "lead")
    answers = together(*(lambda who=who: actions.freeze_list(fresh(draw), by=who) for who in leads))
    assert kinds(answers) == ["FrozenPool", "StateConflict"]
    assert (FrozenPool.objects.count(), PoolEntry.objects.count()) == (1, 12)


def test_names_are_revealed_once(people):
    draw = draw_in(people, S.CERTIFIED)
    leads = users(people, "lead", "lead")
    answers = together(*(lambda who=who: ceremony.reveal(fresh(draw), by=who) for who in leads))
    assert kinds(answers) == ["StateConflict", "dict"]
    assert draw.call.candidates.filter(state=CandidateState.DRAWN).count() == 4


def test_one_row_and_two_workers(people):
    row = computation.ask_trial(draw_in(people), by=people["officer"])
    together(*(lambda: computation.run_computation(row.pk) for _ in range(2)))
    assert Computation.objects.get().state == ComputationState.READY
