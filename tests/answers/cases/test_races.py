"""Two persons at the same moment, each with their own connection: one answer, one lead directorate, one day."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from answers.cases.actions import cases, deciding, writing
from answers.follow_up import actions as follow_up
from answers.models import Answer, AnswerCase, AnswerCaseState, FollowUp
from assembly.identity.models import User
from assembly.institution.actions import directorates
from assembly.institution.models import Directorate
from assembly.web.errors import EditConflict
from consultations.models import Referral, ReferralState
from opinions.adoption.actions import handover
from opinions.models import Opinion
from tests.answers.stage import answered_by, fresh
from tests.factories.consultations import ReferralFactory
from tests.factories.follow_up import FollowUpFactory
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)
S = AnswerCaseState


def user(people, who):
    return User.objects.get(pk=people[who].pk)


def names(results):
    return sorted(type(result).__name__ for result in results)


def loaded(opinion):
    return Opinion.objects.select_related("term__assembly", "referral__term").get(pk=opinion.pk)


def owed(people, *states, opinion_state="published"):
    """Make an opinion that was handed over, with a case in each of these states."""
    referral = ReferralFactory(term=people.term, state=ReferralState.HANDED_OVER)
    opinion = OpinionFactory(
        term=people.term,
        referral=referral,
        state=opinion_state,
        adopted_on=timezone.localdate() - timedelta(days=9),
    )
    rows = [RecommendationFactory(opinion=opinion, numbered=True) for _ in states]
    return opinion, [answered_by(people, state, recommendation=row) for state, row in zip(states, rows, strict=True)]


def test_two_officers_who_name_two_lead_directorates_name_one(people):
    _opinion, (case,) = owed(people, S.AWAITING)
    places = [DirectorateFactory(assembly=people.assembly) for _ in range(2)]
    users = [user(people, who) for who in ("officer", "lead")]
    acts = [
        lambda who=who, place=place: cases.assign(fresh(case), place, by=who)
        for who, place in zip(users, places, strict=True)
    ]
    assert names(together(*acts)) == ["NoneType", "StateConflict"]
    assert Answer.objects.filter(case=case).count() == 1


def test_a_text_that_is_sent_while_another_hand_writes_is_what_was_read(people):
    _opinion, (case,) = owed(people, S.ASSIGNED)
    contact, approver = user(people, "dir_contact"), user(people, "dir_approver")
    results = together(
        lambda: writing.submit(fresh(case), version=0, by=contact),
        lambda: writing.save(fresh(case), {"body": "Une autre réponse, plus précise."}, version=0, by=approver),
    )
    answer = Answer.objects.get(case=case)
    was_sent = fresh(case).state == S.SUBMITTED
    assert names(results) == (["EditConflict", "NoneType"] if was_sent else ["Answer", "ValidationError"])
    assert answer.is_sent == was_sent
    assert answer.version == (0 if was_sent else 1)


def test_the_last_two_answers_published_at_once_answer_the_referral_once(people):
    opinion, found = owed(people, S.DECIDED, S.DECIDED)
    lead = user(people, "lead")
    results = together(*(lambda case=case: deciding.publish(fresh(case), by=lead) for case in found))
    assert results == [None, None]
    assert Referral.objects.get(pk=opinion.referral_id).state == ReferralState.ANSWERED


def test_an_answer_published_while_another_hand_revises_is_published_once(people):
    _opinion, (case,) = owed(people, S.PUBLISHED)
    lead = user(people, "lead")
    results = together(
        *(lambda: deciding.revise(fresh(case), reason="Le budget a changé.", by=lead) for _ in range(2)),
        lambda: deciding.publish(fresh(case), by=lead),
    )
    assert names(results) == ["Answer", "StateConflict", "StateConflict"]
    assert list(case.answers.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_handover_corrected_while_an_answer_is_published_leaves_one_story(people):
    opinion, (case, other) = owed(people, S.DECIDED, S.AWAITING)
    lead, on = user(people, "lead"), timezone.localdate() - timedelta(days=5)
    results = together(
        lambda: deciding.publish(fresh(case), by=lead),
        lambda: handover.correct(loaded(opinion), on=on, reason="Une erreur.", by=lead),
        lambda: cases.assign(fresh(other), people.directorate, by=lead),
    )
    assert results == [None, None, None]
    assert set(AnswerCase.objects.of_opinion(opinion).values_list("opened_on", flat=True)) == {on}
    assert fresh(case).answered_on == timezone.localdate()


def test_a_handover_taken_back_while_a_directorate_sends_its_answer(people):
    opinion, (case,) = owed(people, S.ASSIGNED, opinion_state="handed_over")
    lead, contact = user(people, "lead"), user(people, "dir_contact")
    results = together(
        lambda: writing.submit(fresh(case), version=0, by=contact),
        lambda: handover.take_back(loaded(opinion), reason="Une erreur.", by=lead),
    )
    state = (Opinion.objects.get(pk=opinion.pk).state, fresh(case).state)
    assert (state, names(results)) in [
        (("handed_over", S.SUBMITTED), ["NoneType", "ValidationError"]),
        (("adopted", S.CANCELLED), ["NoneType", "StateConflict"]),
    ]
    assert not any(isinstance(result, EditConflict) for result in results)


def closed_meanwhile(people, act, successor=None):
    """Close the directorate on another connection after `act` has read it and before it commits."""
    place = Directorate.objects.get(pk=people.directorate.pk)
    successor = Directorate.objects.get(pk=successor.pk) if successor else None
    lead = user(people, "lead")

    def close():
        try:
            directorates.close(place, on=timezone.localdate(), successor=successor, by=lead)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            act(Directorate.objects.get(pk=people.directorate.pk))
            closing = pool.submit(close)
            time.sleep(0.4)
        closing.result()


@pytest.mark.parametrize("has_successor", [True, False])
def test_a_directorate_that_is_closed_while_it_is_given_an_answer_keeps_none(people, has_successor):
    _opinion, (case, other) = owed(people, S.AWAITING, S.AWAITING)
    lead, successor = user(people, "lead"), DirectorateFactory(assembly=people.assembly) if has_successor else None
    closed_meanwhile(people, lambda place: cases.assign(fresh(case), place, by=lead), successor)
    found = fresh(case)
    assert (found.state, found.directorate) == ((S.ASSIGNED, successor) if successor else (S.AWAITING, None))
    with pytest.raises(ValidationError):
        cases.assign(fresh(other), people.directorate, by=lead)  # read before it was closed


def test_a_directorate_that_is_closed_while_a_follow_up_is_entrusted_to_it_keeps_none(people):
    row = FollowUpFactory(
        case=answered_by(people, S.PUBLISHED), directorate=DirectorateFactory(assembly=people.assembly)
    )
    lead, successor = user(people, "lead"), DirectorateFactory(assembly=people.assembly)
    again = FollowUp.objects.with_dossier()
    closed_meanwhile(people, lambda place: follow_up.entrust(again.get(pk=row.pk), place, by=lead), successor)
    assert again.get(pk=row.pk).directorate == successor
