"""What the team asks: who may, from which state, and what else moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.actions import directorates
from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict
from consultations.digest.models import DeskEventKind
from consultations.models import DeskEvent, DirectorateReview, Referral, ReferralDirectorate, ReviewKind, ReviewState
from consultations.referrals.enums import ReferralState
from consultations.reviews.actions import answering, asking as actions
from consultations.reviews.queries import review_answers as answers_about
from tests.consultations.desk import agent, another, asked_of, in_days, written
from tests.factories.consultations import DirectorateReviewFactory, ReferralFactory
from tests.factories.institution import DirectorateFactory
from tests.undo import undone

pytestmark = pytest.mark.django_db
S = ReviewState
ROLES = ["officer", "lead", "facilitator", "president", "sponsor", "member", "dir_contact", "dir_approver", "stranger"]
TEAM = {"officer", "lead"}
ACTS = {
    "remind": lambda review, by: actions.remind(review, by=by),
    "change_due": lambda review, by: actions.change_due(review, in_days(30), reason="L’été.", by=by),
    "ask_supplement": lambda review, by: actions.ask_supplement(review, reason="Le coût.", due_on=in_days(9), by=by),
    "ask_again": lambda review, by: actions.ask_again(review, due_on=in_days(9), by=by),
    "close": lambda review, by: actions.close(review, reason="Plus utile.", by=by),
}
VERBS = {
    "remind": "review.reminded",
    "change_due": "review.due_changed",
    "ask_supplement": "review.supplement_asked",
    "ask_again": "review.asked_again",
    "close": "review.closed",
}
OPEN = {S.ASKED, S.DRAFTED, S.RETURNED, S.SUBMITTED, S.SUPPLEMENT}


TARGETS = {
    "ask_supplement": ({S.VALIDATED}, S.SUPPLEMENT),
    "ask_again": ({S.DECLINED, S.CLOSED}, S.ASKED),
    "close": (OPEN, S.CLOSED),
}


def expected_target(verb, state):
    sources, target = TARGETS.get(verb, (OPEN, state))
    return target if state in sources else None


@pytest.mark.parametrize("state", ReviewState)
def test_the_team_acts_by_state_and_nobody_else(people, state):
    users = {who: people[who] for who in ROLES}
    made = asked_of(people, state)
    rows = DirectorateReview.objects.select_related("referral", "directorate").filter(pk=made.pk)
    lines = Entry.objects.filter(subject_type="consultations.DirectorateReview")
    for verb, who in product(ACTS, ROLES):
        target = expected_target(verb, state) if who in TEAM else None
        with undone(verb, state, who):
            if target is None:
                with pytest.raises(StateConflict if who in TEAM else PermissionDenied):
                    ACTS[verb](rows.get(), users[who])
                assert (rows.get().state, lines.count()) == (state, 0)
            else:
                ACTS[verb](rows.get(), users[who])
                assert (rows.get().state, list(lines.values_list("event_type", flat=True))) == (target, [VERBS[verb]])


def test_asking_four_directorates_tells_each_contact_once(people):
    referral = ReferralFactory(term=people.term, issued=True)
    places = [DirectorateFactory(assembly=people.assembly) for _ in range(4)]
    contacts = {agent(place) for place in places}
    made = actions.ask(referral, places, due_on=in_days(21), message="Dites-nous.", by=people["officer"])
    assert [review.state for review in made] == [S.ASKED] * 4
    assert {event.user for event in DeskEvent.objects.filter(kind=DeskEventKind.ASKED)} == contacts
    assert ReferralDirectorate.objects.filter(referral=referral).count() == 4
    assert actions.ask(referral, places, due_on=in_days(21), by=people["officer"]) == []


@pytest.mark.parametrize(
    "state", [ReferralState.DRAFT, ReferralState.INTERNAL_REVIEW, ReferralState.IN_PROGRESS, ReferralState.WITHDRAWN]
)
def test_asking_by_state_of_the_referral_and_role(people, state):
    users = {who: people[who] for who in ROLES}
    made = ReferralFactory(term=people.term, state=state)
    place = DirectorateFactory(assembly=people.assembly)
    for who, user in users.items():
        with undone("ask", state, who):
            referral = Referral.objects.select_related("term").get(pk=made.pk)
            may = who in TEAM and state in (ReferralState.INTERNAL_REVIEW, ReferralState.IN_PROGRESS)
            if may:
                actions.ask(referral, [place], due_on=in_days(5), by=user)
            else:
                with pytest.raises(StateConflict if who in TEAM else PermissionDenied):
                    actions.ask(referral, [place], due_on=in_days(5), by=user)
            assert DirectorateReview.objects.count() == int(may)


def test_a_past_date_and_a_closed_directorate_are_refused(people):
    referral = ReferralFactory(term=people.term, issued=True)
    place = DirectorateFactory(assembly=people.assembly)
    with pytest.raises(ValidationError):
        actions.ask(referral, [place], due_on=in_days(-1), by=people["officer"])
    place.closed_on = in_days(-5)
    place.save()
    with pytest.raises(ValidationError):
        actions.ask(referral, [place], due_on=in_days(9), by=people["officer"])
    assert not DirectorateReview.objects.exists()


def test_a_withdrawn_referral_closes_what_is_open_with_notice(people):
    open_one = asked_of(people)
    contact = people["dir_contact"]
    directorate, _contact, _approver = another(people)
    given = DirectorateReviewFactory(referral=open_one.referral, directorate=directorate, given=True)
    assert actions.close_all(open_one.referral, reason="Le schéma est voté.", by=people["officer"]) == 1
    open_one.refresh_from_db()
    given.refresh_from_db()
    assert (open_one.state, open_one.reason, given.state) == (S.CLOSED, "Le schéma est voté.", S.VALIDATED)
    assert DeskEvent.objects.get(kind=DeskEventKind.CLOSED).user == contact


def test_a_merge_closes_the_open_ones_and_the_given_ones_are_read_from_the_target(people):
    review = asked_of(people)
    directorate, _contact, _approver = another(people)
    given = DirectorateReviewFactory(referral=review.referral, directorate=directorate, given=True)
    target = ReferralFactory(term=people.term, issued=True)
    actions.move_to(review.referral, target, by=people["officer"])
    review.referral.state, review.referral.merged_into = ReferralState.MERGED, target
    review.referral.ended_at, review.referral.end_reason = review.asked_at, "Doublon."
    review.referral.save()
    assert [answer.review for answer in answers_about(target)] == [given]
    named = set(ReferralDirectorate.objects.filter(referral=target).values_list("directorate", flat=True))
    assert named == {people.directorate.pk, directorate.pk}


def test_what_was_given_stays_readable_while_a_supplement_is_written(people):
    review = written(asked_of(people, S.SUBMITTED))
    answering.validate(review, version=review.version, by=people["dir_approver"])
    actions.ask_supplement(review, reason="Le coût ?", due_on=in_days(9), by=people["officer"])
    answering.save(
        review, {**answering.content_of(review), "summary": "Autre chose."}, version=0, by=people["dir_contact"]
    )
    [answer] = answers_about(review.referral)
    assert answer.content["summary"] == "Faisable dans 31 collèges."


def test_a_closed_directorate_leaves_its_open_files_to_its_successor(people):
    waiting = written(asked_of(people, S.DRAFTED))
    given = asked_of(people, S.VALIDATED)
    former = people.directorate
    successor, contact, _approver = another(people, "Direction des Solidarités")
    directorates.close(former, by=people["lead"], on=in_days(0), successor=successor)
    waiting.refresh_from_db()
    given.refresh_from_db()
    assert (waiting.directorate, waiting.inherited_from, waiting.summary) == (
        successor,
        former,
        "Faisable dans 31 collèges.",
    )
    assert (given.directorate, given.inherited_from) == (former, None)
    assert DirectorateReview.objects.visible_to(contact).count() == 2
    assert DeskEvent.objects.filter(user=contact, kind=DeskEventKind.ASKED, review=waiting).count() == 1
    assert Entry.objects.filter(event_type="review.inherited").count() == 1
    answering.save(waiting, {"summary": "Nous reprenons."}, version=0, by=contact)


def test_a_successor_already_asked_or_missing_closes_the_request_with_notice(people):
    waiting = asked_of(people)
    successor, _contact, _approver = another(people, "Direction des Solidarités")
    DirectorateReviewFactory(referral=waiting.referral, directorate=successor)
    directorates.close(people.directorate, by=people["lead"], on=in_days(0), successor=successor)
    waiting.refresh_from_db()
    assert waiting.state == S.CLOSED
    lonely = DirectorateFactory(assembly=people.assembly)
    orphan = DirectorateReviewFactory(referral=waiting.referral, directorate=lonely, asked_by=people["officer"])
    directorates.close(lonely, by=people["lead"], on=in_days(0), successor=None)
    orphan.refresh_from_db()
    assert orphan.state == S.CLOSED
    assert DeskEvent.objects.filter(kind=DeskEventKind.DECLINED, user=people["officer"]).count() == 1


def test_a_supplement_of_a_closed_directorate_is_asked_of_its_successor(people):
    given = asked_of(people, S.VALIDATED)
    successor, contact, _approver = another(people, "Direction des Solidarités")
    directorates.close(people.directorate, by=people["lead"], on=in_days(0), successor=successor)
    given = DirectorateReview.objects.select_related("directorate__successor", "referral").get(pk=given.pk)
    actions.ask_supplement(given, reason="Le coût ?", due_on=in_days(9), by=people["officer"])
    assert given.directorate == successor
    assert Delivery.objects.get(distribution__kind="review-more-asked").person == contact.person


def test_a_request_sent_back_may_be_asked_again_but_never_twice_at_once(people):
    review = asked_of(people, S.CLOSED)
    DirectorateReviewFactory(referral=review.referral, directorate=people.directorate)
    with pytest.raises(ValidationError):
        actions.ask_again(review, due_on=in_days(9), by=people["officer"])


def test_two_hands_close_the_same_request_once(people):
    review = asked_of(people)
    twin = DirectorateReview.objects.select_related("referral", "directorate").get(pk=review.pk)
    actions.close(review, reason="Plus utile.", by=people["officer"])
    with pytest.raises(StateConflict):
        actions.close(twin, reason="Plus utile.", by=people["lead"])


def test_a_second_reminder_of_the_day_is_refused(people):
    review = asked_of(people)
    people["dir_contact"]
    actions.remind(review, by=people["officer"])
    first = review.reminded_at
    with pytest.raises(ValidationError, match="déjà été relancée aujourd’hui"):
        actions.remind(review, by=people["lead"])
    review.refresh_from_db()
    assert (review.reminded_at, Entry.objects.filter(event_type="review.reminded").count()) == (first, 1)
    assert DeskEvent.objects.filter(kind=DeskEventKind.REMINDER).count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        actions.remind(review, by=people["lead"])
    assert DeskEvent.objects.filter(kind=DeskEventKind.REMINDER).count() == 2


def test_admissibility_and_scoping_are_two_requests(people):
    review = asked_of(people)
    made = actions.ask(
        review.referral,
        [people.directorate],
        due_on=in_days(9) + timedelta(days=0),
        kind=ReviewKind.ADMISSIBILITY,
        by=people["officer"],
    )
    assert [found.kind for found in made] == [ReviewKind.ADMISSIBILITY]


@pytest.mark.django_db(transaction=True)
def test_two_officers_ask_the_same_directorate_at_once(people):
    referral = ReferralFactory(term=people.term, issued=True)
    place = DirectorateFactory(assembly=people.assembly)
    users = [people["officer"], people["lead"]]

    def ask(user):
        try:
            return len(actions.ask(referral, [place], due_on=in_days(9), by=user))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = sorted(pool.map(ask, users))
    assert (made, DirectorateReview.objects.count()) == ([0, 1], 1)
