"""Who reads an amendment in which state; whether the window is open; when the debate may be noted."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opinions.amendments import rules
from opinions.amendments.queries import drafts_of
from opinions.amendments.rules import Window
from opinions.models import Amendment, AmendmentState, OpinionState
from sessions.models import SittingState
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory
from tests.factories.opinions import OpinionFactory
from tests.opinions.amendments.debated_opinion import amending, in_sitting

pytestmark = pytest.mark.django_db
A, S = AmendmentState, OpinionState
PASSED = {A.ADMISSIBLE, A.RAPPORTEUR_VIEW, A.DEBATED, A.ADOPTED, A.REJECTED, A.FELL, A.MERGED}
SUBMITTED = set(A) - {A.DRAFT}
# A withdrawal before the check leaves nothing to read but to the team and to its signers.
READ_BY = {
    "author": set(A),
    "signer": set(A),
    "declined": PASSED,
    "officer": SUBMITTED,
    "lead": SUBMITTED,
    "facilitator": SUBMITTED,
    "member": PASSED,
    "president": PASSED,
    "sponsor": PASSED,
    "dir_contact": set(),
    "witness": set(),
    "archivist": set(),
    "stranger": set(),
}


@pytest.mark.parametrize("who", READ_BY)
def test_who_reads_an_amendment_in_which_state(who, people):
    opinion = amending(people)
    user = people.make("member", people.term) if who in {"author", "signer", "declined"} else people[who]
    seen = set()
    for state in A:
        made = AmendmentFactory(opinion=opinion, state=state, **({"author": user.person} if who == "author" else {}))
        if who in {"signer", "declined"}:
            answer = {"declined_at": timezone.now()} if who == "declined" else {}
            AmendmentCosignerFactory(amendment=made, person=user.person, **answer)
        seen |= {state} if Amendment.objects.visible_to(user).filter(pk=made.pk).exists() else set()
    assert seen == READ_BY[who]


@pytest.mark.parametrize("role", ["officer", "lead", "member", "facilitator", "president"])
def test_nobody_reads_what_another_assembly_amends(role, people):
    opinion = amending(people)
    for state in A:
        AmendmentFactory(opinion=opinion, state=state)
    assert not Amendment.objects.visible_to(people.elsewhere(role)).exists()
    assert not Amendment.objects.visible_to(AnonymousUser()).exists()


def test_anybody_reads_what_passed_once_the_opinion_is_published(people):
    opinion = OpinionFactory(term=people.term, state=S.FROZEN)
    for state in A:
        AmendmentFactory(opinion=opinion, state=state)
    assert not Amendment.objects.public().exists()
    type(opinion).objects.filter(pk=opinion.pk).update(
        state=S.PUBLISHED,
        ballot=Amendment.objects.get(state=A.ADOPTED).ballot,
        adopted_on=timezone.localdate(),
        handed_over_on=timezone.localdate(),
        handed_over_place="Toulouse",
        handed_over_to="le président",
        published_at=timezone.now(),
    )
    assert set(Amendment.objects.public().values_list("state", flat=True)) == PASSED


@pytest.mark.parametrize("state", S)
def test_the_window_by_state_and_by_hour(state, people):
    """The state opens it and the hours close it, whatever the clock of the server has already done."""
    opinion = OpinionFactory(term=people.term, state=state)
    now = timezone.now()
    opinion.amendments_open_at, opinion.amendments_close_at = now - timedelta(hours=1), now + timedelta(hours=1)
    tabled = state in {S.FROZEN, S.VOTED, S.ADOPTED, S.REJECTED, S.HANDED_OVER, S.PUBLISHED}
    expected = {S.TABLED: Window.TO_COME, S.AMENDING: Window.OPEN}.get(
        state, Window.CLOSED if tabled else Window.NOT_TABLED
    )
    assert rules.window(opinion, now) == expected
    late, early = now + timedelta(hours=1), now - timedelta(hours=2)
    if state == S.AMENDING:
        assert (rules.window(opinion, late), rules.window(opinion, early)) == (Window.CLOSED, Window.TO_COME)
    assert rules.can_propose(people["member"], opinion, now) is (state == S.AMENDING)
    assert not rules.can_propose(people["officer"], opinion, now)
    assert not rules.can_propose(people.elsewhere("member"), opinion, now)


@pytest.mark.parametrize("state", SittingState)
def test_the_debate_is_noted_while_the_sitting_is_open_or_held(state, people):
    opinion = in_sitting(people, voters=0)
    opinion.tabled_sitting.state = state
    assert rules.is_in_sitting(opinion) is (opinion.tabled_sitting.is_running or opinion.tabled_sitting.is_held)


def test_own_amendments_come_once_and_cost_no_sorting_of_every_column(people):
    me, opinion = people["member"], amending(people)
    mine = AmendmentFactory(opinion=opinion, author=me.person, state=A.DRAFT)
    asked = AmendmentFactory(opinion=opinion, state=A.DRAFT)
    declined = AmendmentFactory(opinion=opinion, state=A.DRAFT)
    for amendment in (mine, asked, declined):
        AmendmentCosignerFactory.create_batch(2, amendment=amendment)
    AmendmentCosignerFactory(amendment=asked, person=me.person)
    AmendmentCosignerFactory(amendment=declined, person=me.person, declined_at=timezone.now())
    with CaptureQueriesContext(connection) as statements:
        assert drafts_of(me, opinion) == [asked, mine]
    assert "DISTINCT" not in statements[0]["sql"]  # of two hundred columns: half a second to plan
