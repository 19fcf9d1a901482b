"""Every majority rule, on every small count and on the sentences that the minutes print."""

from fractions import Fraction
from itertools import product

import pytest

from assembly.institution.models import MajorityRule
from sessions.decisions import rules as decisions
from sessions.decisions.rules import Count
from sessions.models import BallotResult

NB = "\u00a0"


def by_definition(rule, count, members):
    """Compute the rule with fractions: strictly more than half, at least two thirds."""
    if count.votes_for == 0:
        return False
    if rule == MajorityRule.SIMPLE:
        return count.votes_for > count.votes_against
    if rule == MajorityRule.ABSOLUTE_PRESENT:
        return Fraction(count.votes_for, count.voters) > Fraction(1, 2)
    if rule == MajorityRule.ABSOLUTE_MEMBERS:
        return Fraction(count.votes_for, members) > Fraction(1, 2)
    share = {MajorityRule.TWO_THIRDS: Fraction(2, 3), MajorityRule.FOUR_FIFTHS: Fraction(4, 5)}[rule]
    return Fraction(count.votes_for, count.cast) >= share


@pytest.mark.parametrize("rule", MajorityRule)
def test_result_equals_the_law_on_every_small_count(rule):
    for votes in product(range(7), repeat=4):
        count = Count(*votes)
        for members in {max(1, count.voters), count.voters + 3}:
            found = decisions.outcome(count, rule, members_in_office=members)
            assert found.is_adopted == by_definition(rule, count, members), (rule, count, members)
            assert found.is_adopted == (count.votes_for >= found.needed)
            assert found.needed >= 1


@pytest.mark.parametrize(
    ("rule", "count", "members", "needed"),
    [
        (MajorityRule.SIMPLE, Count(78, 4, 7), 106, 42),
        (MajorityRule.ABSOLUTE_PRESENT, Count(78, 4, 7), 106, 45),
        (MajorityRule.ABSOLUTE_MEMBERS, Count(78, 4, 7), 106, 54),
        (MajorityRule.TWO_THIRDS, Count(78, 4, 7), 106, 55),
        (MajorityRule.FOUR_FIFTHS, Count(78, 4, 7), 106, 66),
        (MajorityRule.SIMPLE, Count(0, 0), 106, 1),
        (MajorityRule.TWO_THIRDS, Count(0, 0), 106, 1),
    ],
)
def test_votes_needed(rule, count, members, needed):
    assert decisions.votes_needed(count, rule, members) == needed


@pytest.mark.parametrize(
    ("rule", "count", "members", "is_tie"),
    [
        (MajorityRule.SIMPLE, Count(40, 40, 9), 106, True),
        (MajorityRule.SIMPLE, Count(40, 39), 106, False),
        (MajorityRule.SIMPLE, Count(0, 0, 9), 106, False),
        (MajorityRule.ABSOLUTE_PRESENT, Count(40, 40), 106, True),
        (MajorityRule.ABSOLUTE_PRESENT, Count(40, 40, 1), 106, False),
        (MajorityRule.ABSOLUTE_MEMBERS, Count(53, 53), 106, True),
        (MajorityRule.TWO_THIRDS, Count(40, 40), 106, False),
    ],
)
def test_tie_is_a_rejection_unless_the_chair_casts_for(rule, count, members, is_tie):
    plain = decisions.outcome(count, rule, members_in_office=members)
    cast = decisions.outcome(count, rule, members_in_office=members, casting_vote_for=True)
    assert plain.is_tie == is_tie
    if is_tie:
        assert (plain.result, cast.result) == (BallotResult.REJECTED, BallotResult.ADOPTED)
    assert cast.by_casting_vote == is_tie


@pytest.mark.parametrize(
    ("rule", "count", "options", "sentence"),
    [
        (
            MajorityRule.SIMPLE,
            Count(78, 4, 7),
            {},
            f"Adopté{NB}: 78{NB}voix pour, 4{NB}contre, 7{NB}abstentions{NB}; majorité des votes exprimés{NB}: 42.",
        ),
        (MajorityRule.SIMPLE, Count(89, 0), {}, f"Adopté à l’unanimité{NB}: 89{NB}voix pour, 0{NB}contre."),
        (
            MajorityRule.SIMPLE,
            Count(12, 12, 1, 2),
            {},
            f"Rejeté à égalité des voix{NB}: 12{NB}voix pour, 12{NB}contre, 1{NB}abstention, 2 ne se prononcent pas"
            f"{NB}; majorité des votes exprimés{NB}: 13.",
        ),
        (
            MajorityRule.SIMPLE,
            Count(12, 12),
            {"casting_vote_for": True},
            f"Adopté par la voix prépondérante de la présidence, à égalité{NB}: 12{NB}voix pour, 12{NB}contre.",
        ),
        (
            MajorityRule.TWO_THIRDS,
            Count(39, 21, 0, 1),
            {},
            f"Rejeté{NB}: 39{NB}voix pour, 21{NB}contre, 1 ne se prononce pas{NB}; deux tiers des votes exprimés"
            f"{NB}: 40.",
        ),
        (
            MajorityRule.ABSOLUTE_MEMBERS,
            Count(53, 0),
            {"members_in_office": 106},
            f"Rejeté{NB}: 53{NB}voix pour, 0{NB}contre{NB}; majorité absolue des membres{NB}: 54.",
        ),
        (
            MajorityRule.ABSOLUTE_PRESENT,
            Count(1, 0, 1),
            {},
            f"Rejeté{NB}: 1{NB}voix pour, 0{NB}contre, 1{NB}abstention{NB}; majorité absolue des votants{NB}: 2.",
        ),
        (
            MajorityRule.SIMPLE,
            Count(0, 0, 4),
            {},
            f"Rejeté{NB}: 0{NB}voix pour, 0{NB}contre, 4{NB}abstentions{NB}; majorité des votes exprimés{NB}: 1.",
        ),
    ],
)
def test_result_sentence(rule, count, options, sentence):
    assert decisions.result_sentence(count, rule, **options) == sentence


def test_more_votes_than_people_in_the_room_is_impossible():
    assert decisions.impossible_count(Count(78, 4, 7), 89) == ""
    assert decisions.impossible_count(Count(78, 4, 7), 88) == (
        f"89 votes pour 88 membres dans la salle{NB}: recomptez, ou corrigez les présences."
    )


def test_fewer_votes_than_people_in_the_room_is_a_doubt():
    assert decisions.missing_votes(Count(78, 4, 7), 89) == ""
    assert decisions.missing_votes(Count(78, 4, 6), 89) == (
        f"Il manque 1 vote{NB}: 88 comptés pour 89 membres dans la salle."
    )


def test_negative_numbers_are_refused():
    with pytest.raises(ValueError, match="never negative"):
        Count(-1, 0)
