"""Two hands at once: one number each, one result each, one signature each, and one text at the end."""

import pytest
from django.core.exceptions import ValidationError

from opinions.amending.changes import Operation
from opinions.amendments import actions as amendments
from opinions.amendments.queries import base_version
from opinions.models import Amendment, AmendmentCosigner, AmendmentState, OpinionVersion, VersionKind
from opinions.versions.queries import last_version
from sessions.decisions.rules import Count
from sessions.models import Ballot
from tests.factories.amendments import AmendmentFactory, said
from tests.opinions.amendments.debated_opinion import ROOM, amending, fresh, in_sitting
from tests.sessions.sittings.test_races import HANDS, together

pytestmark = pytest.mark.django_db(transaction=True)
A = AmendmentState
VOTES = {"first_counter": "Odile Labatut", "second_counter": "Wassim Pujol"}


def test_four_drafts_submitted_at_once_have_four_numbers(people):
    opinion = amending(people)
    author = people["member"]
    drafts = [AmendmentFactory(opinion=opinion, state=A.DRAFT, author=author.person).pk for _ in range(HANDS)]
    together(lambda: amendments.submit(fresh(Amendment(pk=drafts.pop())), by=author))
    assert sorted(Amendment.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_one_draft_submitted_four_times_has_one_number(people):
    author = people["member"]
    draft = AmendmentFactory(opinion=amending(people), state=A.DRAFT, author=author.person)
    met = together(lambda: amendments.submit(fresh(draft), by=author))
    assert (met.count(None), fresh(draft).number) == (1, 1)


def test_one_vote_noted_four_times_makes_one_ballot_and_one_text(people):
    opinion = in_sitting(people)
    officer = people["officer"]
    one = AmendmentFactory(opinion=opinion, state=A.DEBATED)
    before = Ballot.objects.count()
    met = together(lambda: amendments.vote(fresh(one), Count(ROOM, 0), by=officer, **VOTES))
    assert (met.count(None), Ballot.objects.count() - before) == (1, 1)
    assert OpinionVersion.objects.filter(opinion=opinion, kind=VersionKind.AMENDED).count() == 1


def test_two_that_collide_adopted_at_once_leave_one(people):
    """The first makes the other fall; whoever comes second is refused, and the text holds one of them whole."""
    opinion = in_sitting(people)
    officer = people["officer"]
    both = [
        AmendmentFactory(opinion=opinion, state=A.DEBATED, operation=Operation.REPLACE, content=[said(f"Texte {n}.")])
        for n in (1, 2)
    ]
    todo = [one.pk for one in both] * 2

    def adopt():
        try:
            amendments.consent(fresh(Amendment(pk=todo.pop())), by=officer)
        except ValidationError:
            return

    together(adopt)
    assert sorted(fresh(one).state for one in both) == [A.ADOPTED, A.FELL]
    winner = next(one for one in both if fresh(one).state == A.ADOPTED)
    assert last_version(opinion).tree["content"][1] == winner.content[0]


def test_several_adopted_at_once_are_all_in_the_text(people):
    opinion = in_sitting(people)
    officer = people["officer"]
    made = [
        AmendmentFactory(opinion=opinion, state=A.DEBATED, content=[said(f"Ajout {n}.")], number=n)
        for n in range(1, HANDS + 1)
    ]
    todo = [one.pk for one in made]
    together(lambda: amendments.consent(fresh(Amendment(pk=todo.pop())), by=officer))
    words = [block["content"][0]["text"] for block in last_version(opinion).tree["content"][2 : 2 + HANDS]]
    assert sorted(words) == [f"Ajout {n}." for n in range(1, HANDS + 1)]
    assert len(last_version(opinion).tree["content"]) == len(base_version(opinion).tree["content"]) + HANDS


def test_four_clicks_sign_once(people):
    opinion = amending(people)
    one = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE)
    member = people["member"]
    together(lambda: amendments.sign(fresh(one), by=member))
    assert AmendmentCosigner.objects.filter(amendment=one, signed_at__isnull=False).count() == 1
