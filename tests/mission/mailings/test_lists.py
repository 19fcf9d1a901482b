"""Lists: nobody without an agreement, nobody after a withdrawal, each address once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.actions import erase, erase_due
from assembly.identity.models import ContactChannel, Person
from assembly.notifications import preferences
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, DeliveryState, LocalMessage
from mission.mailings.actions import leave_list
from mission.mailings.mails import reached_by
from mission.mailings.models import ListMessage, ListSubscriber, ListWithdrawal
from mission.mailings.rules import SILENCE, join_token, leave_token
from mission.registers.declaration import registers
from tests.factories.identity import PersonFactory
from tests.factories.institution import AssemblyFactory
from tests.factories.mailings import (
    ListMessageFactory,
    ListSubscriberFactory,
    MailingListFactory,
    PartnerContactFactory,
)
from tests.factories.mission import PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}


@pytest.fixture
def letter(people):
    return ListMessageFactory(assembly=people.assembly)


def send(message, by):
    registers["messages"].workflow.transition(message, "send", by=by)


def read():
    """Send everything that waits; return who got mail."""
    sending.run(0)
    return sorted(LocalMessage.objects.values_list("recipients", flat=True))


def agree(desk, row, whom, **data):
    typed = {"contact": whom.pk, "means": "phone", "consent_on": "2026-05-04"} | data
    return desk.post(reverse("mission:lists-line-add", args=[row.pk, "abonnes"]), typed)


def test_an_agreement_says_how_when_and_who_noted_it(people, signed_in):
    desk, row = signed_in("officer"), MailingListFactory(assembly=people.assembly)
    contact = PartnerContactFactory(row=PartnerFactory(assembly=people.assembly, name="Cerema"))
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for wrong, words in (
        ({"consent_on": ""}, "Dites quel jour l’accord a été donné."),
        ({"consent_on": tomorrow}, "Ce jour n’est pas encore venu."),
        ({"means": ""}, ""),
        ({"contact": PartnerContactFactory(row=PartnerFactory(assembly=AssemblyFactory(second=True))).pk}, ""),
        ({"contact": PartnerContactFactory(row=contact.row, person=PersonFactory(email="", channel="paper")).pk}, ""),
        ({"contact": 2**63}, ""),
    ):
        answer = agree(desk, row, contact, **wrong)
        assert answer.status_code == 422, wrong
        assert words in answer.text.replace("\u00a0", " ")
    assert agree(desk, row, contact).status_code == 302
    made = row.subscribers.get()
    assert (made.means, made.consent_on, made.created_by, made.partner) == (
        "phone",
        date(2026, 5, 4),
        people["officer"],
        contact.row,
    )
    assert agree(desk, row, contact).status_code == 422
    page = desk.get(reverse("mission:lists-row", args=[row.pk])).text
    assert "Cerema" in page
    assert people["officer"].get_full_name() in page
    assert contact.person.last_name not in str(list(Entry.objects.values_list("facts", "event_type")))


def test_a_link_that_is_answered_is_an_agreement(people, signed_in, client):
    row = MailingListFactory(assembly=people.assembly, purpose="Quatre lettres par an.")
    contact = PartnerContactFactory(row=PartnerFactory(assembly=people.assembly))
    assert agree(signed_in("officer"), row, contact, means="link", consent_on="").status_code == 302
    made = row.subscribers.get()
    assert reached_by(row) == []
    sending.run(0)
    mail = LocalMessage.objects.get()
    address = reverse("mission:list-join", args=[join_token(made)])
    assert contact.person.email in mail.recipients
    assert "Quatre lettres par an." in client.get(address).text
    made.refresh_from_db()
    assert made.confirmed_at is None  # opening it writes nothing
    assert "Votre accord est noté" in client.post(address).text
    assert "Votre accord est noté" in client.post(address).text
    assert [one.pk for one in reached_by(row)] == [made.pk]
    made.refresh_from_db()
    assert made.consent_on == timezone.localdate()


def test_one_click_withdraws_at_once_and_between_the_preview_and_the_departure(people, signed_in, client, letter):
    stays, leaves, later, asked, silent = (
        ListSubscriberFactory(row=letter.mailing_list, asked=is_asked) for is_asked in (0, 0, 0, 1, 0)
    )
    twin = ListSubscriberFactory(row=letter.mailing_list, person__email=stays.person.email.upper())
    preferences.choose(silent.person, optional_mail=False, by=people["lead"])
    desk = signed_in("lead")
    step = reverse("mission:messages-step", args=[letter.pk, "envoyer"])
    assert "3 personnes de la liste" in desk.get(step).text.replace("\u00a0", " ")
    stop = reverse("mission:list-leave", args=[leave_token(leaves)])
    assert client.get(stop).status_code == 200
    assert ListSubscriber.objects.filter(pk=leaves.pk).exists()
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200  # RFC 8058, no token of a form
    assert desk.post(step).status_code == 302
    assert Delivery.objects.count() == 2
    assert Delivery.objects.filter(person=None, address="").count() == 2  # the outbox knows neither
    leave_list(later.public_id)  # queued already
    assert [stays.person.email in each for each in read()] == [True]
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 1
    raw = bytes(LocalMessage.objects.get().raw)
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert twin.pk  # the same address with capitals: one mail
    assert "vous ne recevrez plus" in client.post(stop).text.lower()  # twice is once
    assert ListWithdrawal.objects.filter(row=letter.mailing_list).count() == 2
    assert leaves.person.email not in str(list(ListWithdrawal.objects.values()))
    assert asked.pk in ListSubscriber.objects.values_list("pk", flat=True)
    letter.refresh_from_db()
    assert letter.state == "sent"
    assert client.get(reverse("mission:list-leave", args=["x:y"])).status_code == 404


def test_whoever_withdrew_needs_a_new_agreement(people, signed_in):
    row = MailingListFactory(assembly=people.assembly)
    other = MailingListFactory(assembly=people.assembly)
    contact = PartnerContactFactory(row=PartnerFactory(assembly=people.assembly))
    here, there = (ListSubscriberFactory(row=each, person=contact.person) for each in (row, other))
    leave_list(here.public_id, every=True)
    assert not ListSubscriber.objects.filter(pk__in=[here.pk, there.pk]).exists()
    desk = signed_in("officer")
    answer = agree(desk, row, contact)
    assert answer.status_code == 422
    assert "Cette adresse s’est retirée" in answer.text
    assert agree(desk, row, contact, means="link", consent_on="").status_code == 302


def test_an_address_that_was_emptied_leaves_no_withdrawal(letter):
    here = ListSubscriberFactory(row=letter.mailing_list)
    Person.objects.filter(pk=here.person_id).update(email="", channel=ContactChannel.PAPER)
    leave_list(here.public_id)
    assert (ListSubscriber.objects.count(), ListWithdrawal.objects.count()) == (0, 0)


def test_nothing_leaves_to_nobody_or_to_a_closed_list(people, signed_in, letter):
    desk = signed_in("officer")
    step = reverse("mission:messages-step", args=[letter.pk, "envoyer"])
    assert desk.post(step).status_code == 422
    ListSubscriberFactory(row=letter.mailing_list)
    registers["lists"].workflow.transition(letter.mailing_list, "close", by=people["officer"], reason="Plus d’envois.")
    assert desk.post(step).status_code == 422
    typed = {"mailing_list": letter.mailing_list_id, "name": "Autre", "body": "Bonjour."}
    assert desk.post(reverse("mission:messages-new"), typed).status_code == 422
    assert not Delivery.objects.exists()


def test_what_is_kept_goes_on_its_day(people, letter):
    long_ago = timezone.now() - SILENCE - timedelta(days=2)
    old = ListSubscriberFactory(row=letter.mailing_list, consent_on=timezone.localdate(long_ago))
    spoken = ListSubscriberFactory(row=letter.mailing_list, consent_on=timezone.localdate(long_ago))
    contact = PartnerContactFactory(row=spoken.partner, person=spoken.person)
    contact.row.exchanges.create(
        held_on=timezone.localdate(),
        kind="call",
        summary="Un point.",
        created_by=people["lead"],
        changed_by=people["lead"],
    )
    asked = ListSubscriberFactory(row=letter.mailing_list, asked=True)
    ListSubscriber.objects.filter(pk=asked.pk).update(created_at=timezone.now() - timedelta(days=15))
    gone = ListSubscriberFactory(row=letter.mailing_list)
    leave_list(gone.public_id)
    ListWithdrawal.objects.update(withdrawn_at=long_ago)
    erased = ListSubscriberFactory(row=letter.mailing_list)
    erase(erased.person, by=people["lead"])
    erase_due()
    assert [one.pk for one in ListSubscriber.objects.all()] == [spoken.pk]
    assert old.pk != spoken.pk
    assert not ListWithdrawal.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"confirmed_at": None}, {"consent_on": None}, {"means": "guess"}],
)
def test_the_database_refuses_what_the_form_would(wrong):
    row = ListSubscriberFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ListSubscriber.objects.filter(pk=row.pk).update(**wrong)
    assert not ListMessage.objects.exists()
