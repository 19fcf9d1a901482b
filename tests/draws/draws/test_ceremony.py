"""The draw itself: two readings by two people, once; the record; the witness; the names at the very end."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.utils import Error as DatabaseError
from django.utils import timezone

from assembly.web.errors import StateConflict
from draws.draws.actions import ceremony as actions
from draws.draws.queries.draw import outcome_of
from draws.models import BallReading, CandidateState, Draw, DrawResult, DrawState, Incident
from tests.draws.stage import BALLS, DICE, draw_in, fresh, registered_record

pytestmark = pytest.mark.django_db
S = DrawState


def read(draw, who, balls=BALLS, dice=DICE):
    return actions.read_digits(fresh(draw), balls=balls, dice=dice, by=who)


def test_two_people_who_agree_make_the_draw(people):
    draw = draw_in(people, S.ANNOUNCED)
    read(draw, people["officer"])
    assert fresh(draw).state == S.ANNOUNCED
    read(draw, people["witness"])
    found = outcome_of(fresh(draw))
    assert (fresh(draw).state, found.result.ticket, found.result.lot) == (S.DRAWN, 4172, 2)
    assert list(found.members) == ["V0002", "V0005", "V0008", "V0011"]
    assert [len(cell.ids) for cell in found.ranks] == [2, 2, 2, 2]
    assert set(draw.call.candidates.values_list("state", flat=True)) == {CandidateState.IN_POOL}


def test_one_person_is_not_two(people):
    draw = draw_in(people, S.ANNOUNCED)
    read(draw, people["officer"])
    with pytest.raises(ValidationError, match="autre personne"):
        read(draw, people["officer"])
    with pytest.raises(IntegrityError), transaction.atomic():
        BallReading.objects.create(draw=draw, round=1, place=2, balls=BALLS, dice=DICE, by=people["officer"])


def test_nobody_reads_balls_before_the_announced_day(people):
    draw = draw_in(people, S.ANNOUNCED)
    Draw.objects.filter(pk=draw.pk).update(takes_place_at=timezone.now() + timedelta(days=1))
    with pytest.raises(ValidationError, match="ce jour-là"):
        read(draw, people["officer"])
    assert not BallReading.objects.exists()


def test_readings_that_differ_stay_and_a_new_round_begins(people):
    draw = draw_in(people, S.ANNOUNCED)
    read(draw, people["officer"])
    read(draw, people["lead"], balls="4-1-7-3")
    assert (fresh(draw).state, DrawResult.objects.count(), Incident.objects.count()) == (S.ANNOUNCED, 0, 1)
    assert BALLS not in Incident.objects.get().text
    read(draw, people["lead"])
    read(draw, people["officer"])
    assert (fresh(draw).state, BallReading.objects.count()) == (S.DRAWN, 4)


def test_a_draw_is_made_once(people):
    draw = draw_in(people, S.DRAWN)
    with pytest.raises(StateConflict):
        read(draw, people["officer"])
    with pytest.raises(IntegrityError), transaction.atomic():
        DrawResult.objects.create(
            draw=draw, portfolio=draw.result.portfolio, balls="0-0-0-0", dice=DICE, ticket=0, lot=1, seed="0" * 64
        )
    for rows in (DrawResult.objects.all(), BallReading.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(balls="0-0-0-0")


@pytest.mark.parametrize("balls", ["4172", "4-1-7", "4-1-7-x", "4-1-7-2-1", "", "1\n-1-1-1", "\x00-1-1-1"])
def test_odd_balls_are_refused(balls, people):
    draw = draw_in(people, S.ANNOUNCED)
    with pytest.raises(ValidationError):
        read(draw, people["officer"], balls=balls)
    assert BallReading.objects.count() == 0


def test_odd_dice_are_refused(people):
    with pytest.raises(ValidationError):
        read(draw_in(people, S.ANNOUNCED), people["officer"], dice="1\nb=2")


@pytest.mark.parametrize("role", ["facilitator", "member", "president", "lead@elsewhere"])
def test_who_is_not_of_the_draw_reads_nothing(role, people):
    draw = draw_in(people, S.ANNOUNCED)
    who = people.elsewhere("lead") if "@" in role else people[role]
    with pytest.raises(PermissionDenied):
        read(draw, who)


def test_the_witness_attests_a_sealed_record_and_nobody_else_does(people):
    draw = draw_in(people, S.DRAWN)
    facts = {"name": "Jean-Luc Mounié", "office": "Étude Mounié", "reference": "2026-114", "file": None}
    with pytest.raises(ValidationError, match="procès-verbal"):
        actions.certify(draw, by=people["witness"], **facts)
    registered_record(draw)
    with pytest.raises(PermissionDenied):
        actions.certify(fresh(draw), by=people["lead"], **facts)
    actions.certify(fresh(draw), by=people["witness"], **facts)
    assert (fresh(draw).state, fresh(draw).witness_name) == (S.CERTIFIED, "Jean-Luc Mounié")


def test_names_reach_the_candidates_when_they_are_revealed(people):
    draw = draw_in(people, S.CERTIFIED)
    told = actions.reveal(draw, by=people["lead"])
    assert told == {"drawn": 4, "alternate": 8}
    found = outcome_of(fresh(draw))
    drawn = draw.pool.entries.filter(candidate__state=CandidateState.DRAWN).values_list("pseudonym", flat=True)
    assert sorted(drawn) == sorted(found.members)


def test_only_the_first_of_each_cell_are_told_to_be_alternates(people):
    draw = draw_in(people, S.CERTIFIED)
    type(draw).objects.filter(pk=draw.pk).update(alternates=1)
    assert actions.reveal(fresh(draw), by=people["lead"]) == {"drawn": 4, "alternate": 4, "not_drawn": 4}
