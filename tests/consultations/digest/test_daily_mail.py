"""One mail a working morning: what is in it, what is left out, when it leaves."""

from datetime import date, datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from assembly.institution.models import Role
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, Distribution
from assembly.text.working_days import easter, is_quiet, is_working_day, next_working_day, working_days_between
from consultations.digest import actions as digest
from consultations.digest.models import DeskEventKind
from consultations.models import DeskEvent, ReviewState
from consultations.reviews.actions import answering, asking, thread
from consultations.tasks import morning
from tests.consultations.desk import agent, asked_of, written
from tests.factories.consultations import DirectorateReviewFactory

PARIS = ZoneInfo("Europe/Paris")
WEDNESDAY = datetime(2026, 11, 25, 8, 5, tzinfo=PARIS)
K = DeskEventKind


def at(moment):
    return time_machine.travel(moment, tick=False)


def letters():
    """Return the sent mails by address; the outbox uses the clock of the database, which tests do not set."""
    Delivery.objects.update(next_attempt_at=datetime(2026, 1, 1, tzinfo=PARIS))
    sending.run(0)
    return {parseaddr(message.to[0])[1]: message for message in mail.outbox}


@pytest.mark.django_db
def test_everything_of_a_day_is_in_one_mail(people):
    with at(WEDNESDAY - timedelta(days=1)):
        first = asked_of(people, message="Dites-nous.")
        contact = people["dir_contact"]
        asking.notify_contacts(first, K.ASKED, "asked:1")
        second = DirectorateReviewFactory(
            referral=first.referral, kind="admissibility", directorate=people.directorate
        )
        asking.notify_contacts(second, K.ASKED, "asked:2")
        thread.post(first.referral, f"@{contact.get_full_name()} avez-vous vu ?", by=people["officer"])
    with at(WEDNESDAY):
        assert digest.send_all(WEDNESDAY) == 1
        assert digest.send_all(WEDNESDAY + timedelta(minutes=20)) == 0
    delivery = Delivery.objects.get()
    assert (delivery.person, len(delivery.context["events"])) == (contact.person, 3)
    assert not DeskEvent.objects.filter(sent_at=None).exists()


@pytest.mark.django_db
def test_what_happens_after_eight_waits_for_the_next_morning(people):
    with at(WEDNESDAY + timedelta(hours=2)):
        review = asked_of(people)
        people["dir_contact"]
        asking.notify_contacts(review, K.ASKED, "asked:1")
        assert digest.send_all(WEDNESDAY + timedelta(hours=3)) == 0
    with at(WEDNESDAY + timedelta(days=1)):
        assert digest.send_all(WEDNESDAY + timedelta(days=1)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (datetime(2026, 11, 25, 7, 59, tzinfo=PARIS), 0),
        (datetime(2026, 11, 25, 8, 0, tzinfo=PARIS), 1),
        (datetime(2026, 11, 25, 19, 0, tzinfo=PARIS), 0),
        (datetime(2026, 11, 28, 9, 0, tzinfo=PARIS), 0),
        (datetime(2026, 12, 25, 9, 0, tzinfo=PARIS), 0),
    ],
)
def test_quiet_hours_and_days_of_rest(people, moment, leaves):
    with at(datetime(2026, 11, 24, 15, tzinfo=PARIS)):
        review = asked_of(people, due_on=date(2027, 1, 29))
        people["dir_contact"]
        asking.notify_contacts(review, K.ASKED, "asked:1")
    with at(moment):
        assert digest.send_all(moment) == leaves


@pytest.mark.django_db
def test_what_means_nothing_any_more_is_not_said(people):
    with at(WEDNESDAY - timedelta(days=1)):
        contact = people["dir_contact"]
        review = asked_of(people)
        asking.notify_contacts(review, K.ASKED, "asked:1")
        answering.save(review, {"summary": "Oui."}, version=0, by=contact)
        gone = agent(people.directorate)
        message = thread.post(review.referral, "Bonjour", mentions=[gone.pk, contact.pk], by=people["officer"])
        thread.withdraw(message, by=people["officer"])
        digest.add_digest_line(gone, K.REMINDER, review.referral, key="r", review=review)
        gone.roles.update(ended_at=WEDNESDAY)
        review = written(review)
        answering.submit(review, version=1, by=contact)
    with at(WEDNESDAY):
        assert digest.send_all(WEDNESDAY) == 0
    assert not DeskEvent.objects.filter(sent_at=None, dropped_at=None).exists()
    assert not Distribution.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_mail_leads_to_the_file_and_holds_no_word_of_the_thread(people):
    with at(WEDNESDAY - timedelta(days=1)):
        review = asked_of(people, due_on=date(2026, 11, 28))
        contact, approver = people["dir_contact"], people["dir_approver"]
        asking.notify_contacts(review, K.ASKED, "asked:1")
        thread.post(review.referral, "SECRET", mentions=[contact.pk], by=people["officer"])
    with at(WEDNESDAY):
        digest.send_all(WEDNESDAY)
    found = letters()
    assert set(found) == {contact.person.email}
    message = found[contact.person.email]
    html = message.alternatives[0].content
    for text in (message.body, html):
        assert f"/instructions/avis/{review.pk}/" in text
        assert "SECRET" not in text
        assert review.referral.title in text
        assert "!UNDEFINED!" not in text
    assert approver.person.email not in found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "step"),
    [
        (11, None),
        (10, "d-10"),
        (4, "d-10"),
        (3, "d-3"),
        (0, "d-3"),
        (-1, "d+1"),
        (-2, "d+1"),
        (-3, "d+3"),
        (-40, "d+3"),
    ],
)
def test_the_step_of_a_day(people, days, step):
    today = date(2027, 3, 10)
    review = asked_of(people, due_on=today + timedelta(days=days), asked_at=datetime(2026, 12, 1, tzinfo=PARIS))
    found = asking.stage_of(review, today)
    assert (found.name if found else None) == step


@pytest.mark.django_db
def test_a_request_asked_late_is_not_reminded_of_days_gone_by(people):
    today = date(2027, 3, 10)
    review = asked_of(people, due_on=today + timedelta(days=6), asked_at=datetime(2027, 3, 10, 9, tzinfo=PARIS))
    assert asking.stage_of(review, today) is None
    assert asking.stage_of(review, today + timedelta(days=3)).name == "d-3"


@pytest.mark.django_db
def test_reminders_go_to_whoever_is_waited_for(people):
    facts = {"asked_at": datetime(2026, 12, 1, tzinfo=PARIS), "due_on": date(2027, 3, 7)}
    contact, approver = people["dir_contact"], people["dir_approver"]
    asked_of(people, **facts)
    asked_of(people, ReviewState.SUBMITTED, **facts)
    asked_of(people, ReviewState.VALIDATED, **facts)
    assert asking.note_reminders(date(2027, 3, 10)) == 2
    assert asking.note_reminders(date(2027, 3, 10)) == 2
    told = sorted((event.user_id, event.kind) for event in DeskEvent.objects.all())
    assert told == sorted([(approver.pk, K.ESCALATED), (contact.pk, K.REMINDER), (approver.pk, K.ESCALATED)])


@pytest.mark.django_db
def test_a_changed_date_is_reminded_anew(people):
    people["dir_contact"]
    review = asked_of(people, asked_at=datetime(2026, 12, 1, tzinfo=PARIS), due_on=date(2027, 3, 12))
    asking.note_reminders(date(2027, 3, 10))
    review.due_on = date(2027, 3, 20)
    review.save()
    asking.note_reminders(date(2027, 3, 17))
    assert DeskEvent.objects.count() == 2


@pytest.mark.django_db
def test_the_task_does_both(people):
    with at(datetime(2026, 11, 24, 15, tzinfo=PARIS)):
        asked_of(people, due_on=date(2026, 11, 28), asked_at=datetime(2026, 11, 2, tzinfo=PARIS))
        agent(people.directorate, Role.DIR_CONTACT)
    with at(WEDNESDAY):
        morning()
        morning()
    assert Delivery.objects.count() == 1


def test_the_calendar_of_france():
    assert [easter(year) for year in (2026, 2027, 2038)] == [date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)]
    rests = [date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14), date(2026, 11, 28)]
    assert [is_working_day(day) for day in rests] == [False] * 5
    assert next_working_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert working_days_between(date(2026, 11, 25), date(2026, 12, 2)) == 5
    assert is_quiet(datetime(2026, 11, 25, 7, 29, tzinfo=PARIS))
    assert not is_quiet(datetime(2026, 11, 25, 7, 30, tzinfo=PARIS))
