"""Calls after the draw: dated outcomes, whom to call again, a yes and a no that lead to the step of the mandate."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.utils import Error as DatabaseError
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.todo import todo_for
from assembly.notifications.actions.sending import compose_message
from assembly.notifications.models import Delivery
from assembly.text.french import format_date
from assembly.web.errors import StateConflict
from draws.models import CallOutcome, ConfirmationCall, DrawState, Placement
from draws.succession import actions as succession, queries
from draws.succession.queries import to_call_again
from members.mandates import actions as mandates
from members.models import Mandate
from tests.draws.stage import draw_in, fresh

pytestmark = pytest.mark.django_db
C = CallOutcome


@pytest.fixture
def placed(people):
    """Return four people with a proposed mandate."""
    draw = draw_in(people, DrawState.REVEALED)
    succession.propose_mandates(draw, by=people["officer"])
    return list(Placement.objects.filter(draw=draw).select_related("draw", "mandate__member__person"))


def day(n):
    return timezone.localdate() + timedelta(days=n)


def url(placement):
    return reverse("draws:confirmation", args=[placement.pk])


def test_each_call_is_a_dated_row_and_the_last_one_says_when_to_call_again(placed, people):
    first, second, third, fourth = placed
    officer = people["officer"]
    succession.note_call(first, by=officer, outcome=C.LATER, call_again_on=day(5))
    succession.note_call(second, by=officer, outcome=C.NO_ANSWER, call_again_on=day(1))
    succession.note_call(third, by=officer, outcome=C.LATER, call_again_on=day(2))
    succession.note_call(third, by=officer, outcome=C.YES)
    succession.note_call(fourth, by=officer, outcome=C.REACHED)
    rows = Placement.objects.all()
    assert [row.pk for row in to_call_again(rows)] == [second.pk, first.pk]
    assert Entry.objects.filter(event_type="mandate.called").count() == 5
    waiting = todo_for(officer, "desk", people.term).lines
    assert [(str(line.title), line.due_on) for line in waiting if "Rappeler" in str(line.title)] == [
        ("Rappeler 2 personnes tirées au sort", day(1))
    ]
    mandates.record_step(Mandate.objects.get(pk=second.mandate_id), "accept", by=officer)
    assert [row.pk for row in to_call_again(rows)] == [first.pk]


@pytest.mark.parametrize(("outcome", "again"), [(C.LATER, None), (C.NO_ANSWER, -1), (C.LATER, -1)])
def test_a_day_is_asked_and_is_to_come(outcome, again, placed, people):
    with pytest.raises(ValidationError):
        succession.note_call(
            placed[0], by=people["officer"], outcome=outcome, call_again_on=None if again is None else day(again)
        )


def test_who_answered_is_called_no_more(placed, people):
    stale = placed[0]
    mandates.record_step(Mandate.objects.get(pk=stale.mandate_id), "decline", by=people["officer"])
    with pytest.raises(StateConflict):
        succession.note_call(stale, by=people["officer"], outcome=C.YES)
    assert not ConfirmationCall.objects.exists()


@pytest.mark.parametrize("role", ["witness", "facilitator", "member"])
def test_the_team_alone_calls(role, placed, people):
    with pytest.raises(PermissionDenied):
        succession.note_call(placed[0], by=people[role], outcome=C.YES)


@pytest.mark.parametrize(("act", "changed"), [("update", {"outcome": C.NO}), ("delete", {})])
def test_a_call_is_never_rewritten(act, changed, placed, people):
    succession.note_call(placed[0], by=people["officer"], outcome=C.REACHED)
    rows = ConfirmationCall.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        getattr(rows, act)(**changed)


def test_the_page_shows_what_to_say_and_leads_to_the_answer(placed, signed_in, people):
    browser, placement = signed_in("officer"), placed[0]
    page = browser.get(url(placement)).text
    assert "Dites qui vous êtes" in page
    assert browser.post(url(placement), {"outcome": C.REACHED}).url == reverse(
        "draws:placements", args=[placement.draw_id]
    )
    for outcome, step in ((C.YES, "accepter"), (C.NO, "refuser")):
        answer = browser.post(url(placement), {"outcome": outcome})
        assert answer.url == reverse("members:member-step", args=[placement.mandate_id, step])
    page = browser.get(url(placement)).text
    assert ("A dit oui" in page or "a dit oui" in page, "jointe, réfléchit" in page) == (True, True)
    listed = browser.get(reverse("draws:placements", args=[placement.draw_id])).text
    assert url(placement) in listed


@pytest.mark.parametrize(
    "typed", [{}, {"outcome": "x"}, {"outcome": C.LATER}, {"outcome": C.LATER, "call_again_on": 2**63}]
)
def test_odd_input_is_refused_and_stays(typed, placed, signed_in):
    assert signed_in("officer").post(url(placed[0]), typed).status_code == 422


def test_the_page_of_an_answer_given_meanwhile_is_overtaken(placed, signed_in, people):
    browser, placement = signed_in("officer"), placed[0]
    mandates.record_step(Mandate.objects.get(pk=placement.mandate_id), "accept", by=people["officer"])
    assert "Noter l’appel" not in browser.get(url(placement)).text
    assert browser.post(url(placement), {"outcome": C.YES}).status_code == 409
    assert signed_in("witness").get(url(placement)).status_code == 403
    assert signed_in(people.elsewhere("lead")).get(url(placement)).status_code == 404


def test_the_list_to_call_again_stands_above_the_mandates(placed, signed_in, people):
    succession.note_call(placed[0], by=people["officer"], outcome=C.LATER, call_again_on=day(3))
    page = signed_in("lead").get(reverse("draws:placements", args=[fresh(placed[0].draw).pk])).text
    assert "À rappeler" in page


def test_a_reminder_leaves_when_a_person_sends_it_once_a_day_to_those_who_have_not_answered(placed, signed_in, people):
    mandates.record_step(Mandate.objects.get(pk=placed[0].mandate_id), "accept", by=people["officer"])
    draw, browser = placed[0].draw, signed_in("officer")
    page = reverse("draws:draw-step", args=[draw.pk, "relancer"])
    assert page in browser.get(reverse("draws:placements", args=[draw.pk])).text
    assert "3 personnes" in browser.get(page).text
    assert not Delivery.objects.filter(distribution__kind=queries.REMINDER).exists()
    assert browser.post(page).status_code == 302
    again = browser.post(page)
    assert (again.status_code, "déjà partie aujourd’hui" in again.text) == (422, True)
    assert Entry.objects.filter(event_type="draw.answers_reminded").count() == 1
    told = Delivery.objects.filter(distribution__kind=queries.REMINDER)
    assert {row.person_id for row in told} == {row.mandate.member.person_id for row in placed[1:]}


def test_the_words_of_the_reminder_say_the_day_and_that_one_may_refuse(placed, people):
    Mandate.objects.update(answer_deadline=day(9))
    succession.remind(fresh(placed[0].draw), by=people["officer"])
    delivery = Delivery.objects.select_related("distribution").filter(distribution__kind=queries.REMINDER).first()
    message, _outcome = compose_message(delivery)
    assert "refuser, sans dire pourquoi" in message.body
    assert format_date(day(9)) in message.body
