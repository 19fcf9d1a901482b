"""Mails about answers: to whom, once, with a reference alone in the subject; lines of the agents' daily mail."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from answers.cases.actions import cases, deciding, writing
from answers.cases.workflow import ANSWER
from answers.models import AnswerCase, AnswerCaseState
from assembly.audit.models import Entry
from assembly.institution.models import Role
from assembly.notifications import composing
from assembly.notifications.models import Delivery, Distribution
from assembly.text.working_days import next_working_day
from consultations.digest import actions as digest
from consultations.models import DeskEvent
from tests.answers.publication.test_public import readable
from tests.answers.stage import answered_by, fresh
from tests.consultations.desk import agent
from tests.factories.institution import DirectorateFactory

pytestmark = pytest.mark.django_db
S = AnswerCaseState


def mails(kind):
    """Return the recipients of this kind, with the text of each mail."""
    rows = Delivery.objects.filter(distribution__kind=kind).order_by("pk").select_related("person", "distribution")
    return {row.person: composing.email_message(row) for row in rows.select_related("distribution__assembly")}


def said_once(kind, case, *people, words="", address=""):
    """Check that each person got one mail, with the reference as subject and no text of the answer."""
    found = mails(kind)
    assert set(found) == {user.person for user in people}
    assert Delivery.objects.filter(distribution__kind=kind).count() == len(people)
    for message in found.values():
        assert case.reference in message.subject
        assert case.title not in message.subject
        assert len(message.subject) < 70
        for text in (message.body, message.alternatives[0].content):
            assert words in text.replace("\u00a0", " ")
            assert (address or f"/instructions/reponses/{case.pk}/") in text


def test_who_is_given_an_answer_is_told(people):
    helping = DirectorateFactory(assembly=people.assembly)
    contact, helper = people["dir_contact"], agent(helping)
    case = answered_by(people, S.AWAITING)
    cases.assign(case, people.directorate, associated=[helping], by=people["officer"])
    said_once("answer-assigned", case, contact, helper, words="confie à votre direction")


def test_several_answers_given_at_once_make_one_mail(people):
    first = answered_by(people, S.AWAITING)
    rows = [first, answered_by(people, S.AWAITING, recommendation__opinion=first.opinion)]
    people["dir_contact"]
    cases.assign_all(rows, people.directorate, by=people["officer"])
    message = mails("answer-assigned")[people["dir_contact"].person]
    assert Delivery.objects.count() == 1
    assert message.subject.endswith(first.opinion.reference)
    assert all(case.title in message.body.replace("\u00a0", " ") for case in rows)


def test_from_the_visa_to_the_decision_each_is_told_once(people):
    case = answered_by(people, S.ASSIGNED)
    contact, approver = people["dir_contact"], people["dir_approver"]
    writing.submit(case, version=0, by=contact)
    said_once("answer-to-sign", case, approver)
    writing.send_back(fresh(case), reason="Chiffrez par canton.", by=approver)
    said_once("answer-sent-back", case, contact, words="Chiffrez par canton.")
    writing.submit(fresh(case), version=0, by=contact)
    assert "Chiffrez par canton." in mails("answer-to-sign")[approver.person].body
    writing.validate(fresh(case), version=0, by=approver)
    sponsor = people["sponsor"]
    ANSWER.transition(fresh(case), "refer", by=people["officer"], reason="Le coût est-il tenable ?")
    said_once("answer-to-arbitrate", case, sponsor, words="Le coût est-il tenable ?")
    ANSWER.transition(fresh(case), "arbitrate", by=sponsor, reason="Oui.")
    deciding.decide(fresh(case), version=0, by=people["president"])
    said_once("answer-decided", case, contact, approver)


def test_nobody_is_told_of_their_own_act(people):
    case = answered_by(people, S.ASSIGNED)
    writing.submit(case, version=0, by=people["dir_approver"])
    writing.send_back(fresh(case), reason="Je relis.", by=people["dir_approver"])
    assert not Distribution.objects.exists()


@pytest.mark.parametrize(("state", "who"), [(S.ASSIGNED, "dir_contact"), (S.SUBMITTED, "dir_approver")])
def test_a_reminder_goes_to_whose_turn_it_is_once_a_day(people, state, who):
    people["dir_contact"], people["dir_approver"]
    case = answered_by(people, state)
    cases.remind([fresh(case)], by=people["officer"])
    with pytest.raises(ValidationError, match="déjà été relancée aujourd’hui"):
        cases.remind([fresh(case)], by=people["officer"])
    said_once("answer-reminded", case, people[who])


def test_who_publishes_is_told_of_a_decision(people):
    lead = people["lead"]
    case = answered_by(people, S.VALIDATED)
    deciding.decide(fresh(case), version=0, by=people["president"])
    said_once("answer-to-publish", case, lead, address=f"/bureau/reponses/{case.pk}/")


def test_a_refused_step_tells_nobody(people):
    case = answered_by(people, S.ASSIGNED)
    people["dir_approver"]
    with pytest.raises(ValidationError, match="relisez"):
        writing.submit(case, version=9, by=people["dir_contact"])
    assert not Distribution.objects.exists()


# The daily mail


def due_in(case, days):
    """Set the case as assigned a year ago and due in that many days."""
    today = timezone.localdate()
    AnswerCase.objects.filter(pk=case.pk).update(
        opened_on=today - timedelta(days=400),
        assigned_at=timezone.now() - timedelta(days=365),
        due_on=today + timedelta(days=days),
    )
    return fresh(case)


@pytest.mark.parametrize(
    ("days", "stage"),
    [(61, ""), (60, "d-60"), (31, "d-60"), (30, "d-30"), (7, "d-7"), (0, "d-7"), (-1, "late-0"), (-8, "late-1")],
)
def test_a_reminder_has_its_day(people, days, stage):
    case = due_in(answered_by(people), days)
    assert cases.stage_of(case, timezone.localdate()) == stage


def test_a_day_gone_by_when_it_was_given_is_not_recalled(people):
    case = due_in(answered_by(people), 50)
    case.assigned_at = timezone.now()
    assert cases.stage_of(case, timezone.localdate()) == ""


def told():
    return sorted(DeskEvent.objects.values_list("user__roles__role", "kind"))


def escalations(verb="answer.escalated"):
    return Entry.objects.filter(event_type=verb).count()


def test_each_stage_is_told_once_and_lateness_to_the_approver_too(people, signed_in):
    people["dir_contact"], people["dir_approver"]
    case, today = due_in(answered_by(people), 7), timezone.localdate()
    for _n in range(2):
        assert cases.note_due_answers(today) == 1
    assert told() == [(Role.DIR_CONTACT, "answer_due")]
    assert escalations() == 0
    due_in(case, -1)
    cases.note_due_answers(today)
    cases.note_due_answers(today)
    assert told() == [
        (Role.DIR_APPROVER, "answer_late"),
        (Role.DIR_CONTACT, "answer_due"),
        (Role.DIR_CONTACT, "answer_late"),
    ]
    assert escalations() == 1
    history = signed_in("lead").get(reverse("answers:desk-history", args=[case.pk])).text
    assert "a signalé le retard au directeur ou à la directrice" in readable(history)
    due_in(case, -8)
    cases.note_due_answers(today)
    assert escalations() == 2


def test_nobody_to_tell_is_no_escalation(people):
    people["dir_contact"]
    due_in(answered_by(people), -1)
    assert cases.note_due_answers(timezone.localdate()) == 1
    assert told() == [(Role.DIR_CONTACT, "answer_late")]
    assert escalations() == 0


def test_the_line_is_in_the_one_daily_mail_and_not_once_the_turn_has_passed(people):
    people["dir_contact"]
    rows = [due_in(answered_by(people), 7) for _n in range(2)]
    cases.note_due_answers(timezone.localdate())
    writing.submit(fresh(rows[1]), version=0, by=people["dir_contact"])
    later = timezone.make_aware(datetime.combine(working_day(), time(8, 5)))
    assert digest.send_all(later) == 1
    (message,) = mails("desk-digest").values()
    assert rows[0].title in message.body.replace("\u00a0", " ")
    assert rows[1].title not in message.body.replace("\u00a0", " ")
    assert f"/instructions/reponses/{rows[0].pk}/" in message.body


def working_day():
    return next_working_day(timezone.localdate() + timedelta(days=1))


def test_an_answered_file_that_is_revised_is_late_no_more(people):
    case = answered_by(people, S.PUBLISHED)
    deciding.revise(case, reason="Le budget a changé.", directorate=people.directorate, by=people["lead"])
    assert cases.stage_of(due_in(case, -30), timezone.localdate()) == ""
