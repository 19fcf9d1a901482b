"""Two people at the same moment, each with their own connection: one draw of a function, one result."""

import pytest

from assembly.identity.models import User
from draws.draws.actions import ceremony
from draws.models import BallReading, Draw, DrawResult
from tests.draws.inner import begun, internal_draw_in, members
from tests.draws.stage import BALLS, DICE, fresh
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)


def user(who):
    return User.objects.get(pk=who.pk)


def test_two_draws_of_one_function_begun_at_once_are_one(people):
    members(people)
    people["officer"]
    acts = [lambda: begun(people, title="Comité de suivi") for _ in range(3)]
    together(*acts)
    assert Draw.objects.filter(title="Comité de suivi").count() == 1


def test_three_second_readings_at_once_draw_once(people):
    draw = internal_draw_in(people, "announced")
    readers = [user(people[role]) for role in ("lead", "witness")]
    ceremony.read_digits(fresh(draw), balls=BALLS, dice=DICE, by=user(people["officer"]))
    together(
        *(
            lambda who=who, balls=balls: ceremony.read_digits(fresh(draw), balls=balls, dice=DICE, by=who)
            for who, balls in zip(readers, [BALLS, BALLS], strict=True)
        )
    )
    assert (DrawResult.objects.count(), BallReading.objects.count(), fresh(draw).state) == (1, 2, "drawn")
