"""A convocation tried on oneself, and one that waits for its hour."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.actions import distributions
from assembly.notifications.actions.sending import claim
from assembly.notifications.models import Delivery, Distribution
from sessions.models import Invitee, Notice, Sitting
from sessions.sittings.actions import convening
from sessions.sittings.queries.convening import preview
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plenary(people):
    sitting = SittingFactory()
    MandateFactory.create_batch(2)
    MandateFactory(paper=True)
    AgendaItemFactory(sitting=sitting, title="Ouverture")
    return sitting


def written():
    return Notice.objects.count(), Invitee.objects.count(), Distribution.objects.count(), Delivery.objects.count()


def answer(sitting, moment):
    return {"shown": preview(Sitting.objects.get(pk=sitting.pk)).digest, "send_at": moment}


def test_a_trial_is_what_would_leave_and_convenes_nobody(plenary, people, signed_in):
    officer, address = signed_in("officer"), reverse("sittings:notice-trial", args=[plenary.pk])
    assert f"Un essai est parti à {people['officer'].email}" in officer.post(address, follow=True).content.decode()
    (message,) = mail.outbox
    assert message.to == [f"{people['officer'].person.full_name} <{people['officer'].email}>"]
    assert message.subject.startswith("Essai : ")
    assert message.subject.endswith("Séance plénière\u00a0: convocation")
    assert "Ouverture" in message.body
    assert [name for name, _content, _kind in message.attachments] == [
        f"{plenary.reference.lower()}.ics",
        f"ordre-du-jour-{plenary.reference.lower()}.pdf",
    ]
    plenary.refresh_from_db()
    assert (plenary.state, written()) == ("planned", (0, 0, 0, 0))
    assert list(Entry.objects.values_list("event_type", flat=True)) == ["notice.tested"]


def test_a_trial_of_changes_says_what_changed(plenary, people, signed_in):
    convening.notify(plenary, by=people["officer"])
    type(plenary).objects.filter(pk=plenary.pk).update(place_name="Salle des fêtes")
    before = written()
    signed_in("officer").post(reverse("sittings:notice-trial", args=[plenary.pk]))
    (message,) = mail.outbox
    assert "Salle des fêtes" in message.body
    assert written() == before


def test_mail_waits_for_its_hour_and_letters_do_not(plenary, people, signed_in):
    moment = timezone.now() + timedelta(days=2)
    page = signed_in("officer").post(
        reverse("sittings:notify", args=[plenary.pk]),
        answer(plenary, timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")),
        follow=True,
    )
    assert "Les courriels partent le" in page.content.decode()
    distribution = Distribution.objects.get()
    assert distribution.send_at == moment.replace(second=0, microsecond=0)
    mails = Delivery.objects.filter(way="email")
    assert set(mails.values_list("next_attempt_at", flat=True)) == {distribution.send_at}
    assert claim(0, {}) is None
    assert (
        "Les courriels partent le"
        in signed_in("lead").get(reverse("notifications:distribution-page", args=[distribution.pk])).content.decode()
    )
    with pytest.raises(ValidationError, match="pas encore partie"):
        convening.remind(plenary, by=people["officer"])
    assert distributions.stop(distribution, by=people["officer"]) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}


def test_what_waits_does_not_leave_once_another_notice_is_issued(plenary, people):
    convening.notify(plenary, by=people["officer"], send_at=timezone.now() + timedelta(days=2))
    convening.cancel(plenary, by=people["lead"], reason="Neige")
    first, second = Distribution.objects.order_by("pk")
    assert set(first.deliveries.values_list("state", flat=True)) == {"cancelled"}
    assert set(second.deliveries.values_list("state", flat=True)) == {"queued"}
    assert second.send_at is None


@pytest.mark.parametrize(("days", "words"), [(-1, "Cette heure est passée"), (17, "arriverait trop tard")])
def test_an_hour_that_cannot_be_is_refused_and_nothing_is_written(days, words, plenary, people, signed_in):
    """The sitting is in thirty days, and the delay of the term is fourteen."""
    assert plenary.term.notice_days == 14
    moment = timezone.localtime(timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
    page = signed_in("officer").post(reverse("sittings:notify", args=[plenary.pk]), answer(plenary, moment))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert moment in page.content.decode()
    assert written() == (0, 0, 0, 0)


def test_the_hour_is_that_of_paris(plenary, people, signed_in):
    with time_machine.travel("2026-06-01T08:00:00+00:00", tick=False):
        sitting = SittingFactory(term=plenary.term)
        officer = signed_in("officer")
        officer.post(reverse("sittings:notify", args=[sitting.pk]), answer(sitting, "2026-06-02T09:30"))
    assert Distribution.objects.get().send_at.isoformat() == "2026-06-02T07:30:00+00:00"
