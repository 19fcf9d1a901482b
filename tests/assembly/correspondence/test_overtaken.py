"""What changes between the writing of a message and its departure: roles, addresses, files, other people."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.correspondence.mails import DossierMail
from assembly.correspondence.models import MessageFile, MessageRecipient, TeamMessage
from assembly.documents.models import Upload
from assembly.identity.actions import erase, erase_due
from assembly.identity.models import Person
from assembly.institution.models import Role
from assembly.notifications.actions import distributions, sending
from assembly.notifications.models import Delivery, Distribution, LocalMessage
from assembly.notifications.preferences import choose, opted_out
from assembly.notifications.queries import received_by
from mission.mailings.actions import leave_list
from tests.browsing import StrictClient
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import (
    CommitteeFactory,
    CommitteeMembershipFactory,
    RoleAssignmentFactory,
)
from tests.factories.mailings import ListSubscriberFactory, MailingListFactory
from tests.factories.members import ContactFactory, MandateFactory
from tests.factories.mission import PartnerFactory
from tests.files import pdf

TEXT = {"title": "Visite", "body": "Bonjour {prénom}, à jeudi."}


@pytest.fixture(autouse=True)
def relay(settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


@pytest.fixture
def committee(people):
    made = CommitteeFactory(term=people.term, name="Mobilités")
    anna = PersonFactory(first_name="Anna", email="anna@example.org", city="Bayeux", capacity="")
    paper = PersonFactory(
        first_name="Cid", email="", channel="paper", address="1 rue X", postcode="14000", city="Caen"
    )
    for person in (anna, paper):
        CommitteeMembershipFactory(committee=made, person=person)
    return made


def address_of(committee):
    return reverse("correspondence:write-to", args=["groupe", committee.pk])


def write(desk, address, **more):
    answer = desk.post(address, {**TEXT, **more})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return TeamMessage.objects.latest("pk")


def press(desk, message, **more):
    page = reverse("correspondence:step", args=[message.pk, "envoyer"])
    return desk.post(page, {"shown": message.fingerprint, **more})


def in_two_days():
    return (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")


def leave_now():
    """Let every mail that waits leave at once."""
    Delivery.objects.filter(state="queued", way="email").update(next_attempt_at=timezone.now())
    sending.run(0, seconds=5)


def mails():
    return [bytes(row.raw) for row in LocalMessage.objects.order_by("pk")]


# Whom it reaches


def test_a_trace_of_mail_keeps_nobody_from_being_erased(desk, people):
    partner = PartnerFactory(name="Élan", assembly=people.assembly)
    subscriber = ListSubscriberFactory(
        row=MailingListFactory(assembly=people.assembly), partner=partner, person__first_name="Anna"
    )
    person = subscriber.person
    message = write(desk, reverse("correspondence:write-to", args=["partenaire", partner.pk]))
    assert press(desk, message).status_code == 302
    choose(person, optional_mail=True, by=person)
    leave_list(subscriber.public_id)
    person.refresh_from_db()
    assert person.anonymised_at is not None
    assert (Delivery.objects.get().recipient_name, Delivery.objects.get().address) == ("Personne effacée", "")
    sending.run(0, seconds=5)
    assert mails() == []


def test_the_agreement_to_a_list_ends_with_the_list(desk, people):
    partner, row = PartnerFactory(name="Élan", assembly=people.assembly), MailingListFactory(assembly=people.assembly)
    ListSubscriberFactory(row=row, partner=partner, person__first_name="Anna")
    address = reverse("correspondence:write-to", args=["partenaire", partner.pk])
    message = write(desk, address)
    assert message.count == 1
    type(row).objects.update(state="closed")
    assert press(desk, message).status_code == 422
    assert write(desk, address).count == 0


def test_who_refused_is_not_reached_by_a_second_record_of_them(desk, people):
    first, second, partner = (
        ContactFactory(
            assembly=people.assembly, person__first_name=name, person__last_name="Durand", person__email=email
        ).person
        for name, email in (("Anna", "anna@example.org"), ("Anna", "Anna@example.org"), ("Léo", "anna@example.org"))
    )
    choose(first, optional_mail=False, by=first)
    message = write(desk, reverse("correspondence:write-to-list", args=["persons"]))
    reached = set(MessageRecipient.objects.filter(message=message).values_list("person", flat=True))
    assert not reached & {first.pk, second.pk}
    assert partner.pk in reached
    assert opted_out([first, second, partner]) == {first.pk, second.pk}
    choose(second, optional_mail=True, by=second)
    assert opted_out([first, second, partner]) == {first.pk}


def test_who_refuses_before_the_sending_is_told_as_left_out(desk, people):
    anna, bea = (
        ContactFactory(assembly=people.assembly, person__first_name=name, person__email=f"{name}@example.org").person
        for name in ("Anna", "Bea")
    )
    message = write(desk, reverse("correspondence:write-to-list", args=["persons"]))
    choose(bea, optional_mail=False, by=bea)
    assert press(desk, message).status_code == 302
    assert not Delivery.objects.filter(person=bea).exists()
    assert MessageRecipient.objects.get(person=bea).is_left_out
    assert not MessageRecipient.objects.get(person=anna).is_left_out


def test_a_letter_is_not_printed_for_who_is_no_longer_concerned(desk, people, committee):
    message = write(desk, address_of(committee))
    assert press(desk, message).status_code == 302
    committee.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    distribution = Distribution.objects.get()
    assert distributions.print_letters(distribution, by=people["officer"]) is None
    letter = Delivery.objects.get(way="paper")
    assert (letter.state, letter.error) == ("cancelled", "N’était plus concerné au départ du message.")
    page = desk.get(reverse("correspondence:message", args=[message.pk])).content.decode()
    assert "n’était plus concernée" in page


def test_a_waiting_mail_goes_to_the_address_of_its_hour(desk, people, committee):
    message = write(desk, address_of(committee))
    assert press(desk, message, send_at=in_two_days()).status_code == 302
    Person.objects.filter(first_name="Anna").update(email="nouvelle@example.org")
    leave_now()
    assert "<nouvelle@example.org>" in LocalMessage.objects.get().recipients
    assert Delivery.objects.get(way="email").address == "nouvelle@example.org"


def test_an_address_that_was_removed_gets_nothing(desk, people, committee):
    message = write(desk, address_of(committee))
    assert press(desk, message, send_at=in_two_days()).status_code == 302
    Person.objects.filter(first_name="Anna").update(email="", channel="paper")
    leave_now()
    assert mails() == []
    assert Delivery.objects.get(way="email").state == "bounced"


def test_a_mail_whose_recipient_cannot_be_checked_does_not_leave(desk, people, committee, monkeypatch):
    assert press(desk, write(desk, address_of(committee))).status_code == 302
    with monkeypatch.context() as broken:
        broken.setattr(DossierMail, "mailbox", lambda *_: 1 / 0)
        sending.run(0, seconds=5)
    assert mails() == []
    assert Delivery.objects.get(way="email").state == "failed"


def test_a_notice_on_the_site_waits_for_its_hour_and_can_be_stopped(desk, people):
    member = MandateFactory(term=people.term, member__person__first_name="Anna").member.person
    UserFactory(person=member)
    choose(member, optional_mail=False, by=member)
    address = reverse("correspondence:write-to-list", args=["members"])
    mandate = member.member.mandates.get()
    message = write(desk, f"{address}?ligne={mandate.pk}")
    assert press(desk, message, send_at=in_two_days()).status_code == 302
    assert not received_by(member).exists()
    Distribution.objects.update(send_at=timezone.now() - timedelta(minutes=1), requested_at=timezone.now())
    assert received_by(member).count() == 1
    Distribution.objects.update(stopped_at=F("send_at") - timedelta(minutes=1))
    assert not received_by(member).exists()


def test_an_account_of_two_assemblies_is_written_to_from_each(people):
    shared, elsewhere = people["dir_contact"], people.elsewhere("lead")
    second = elsewhere.roles.get().assembly
    RoleAssignmentFactory(user=shared, role=Role.DPO, assembly=second, term=None)
    address = reverse("correspondence:write-to", args=["compte", shared.pk])
    for writer in (people["lead"], elsewhere):
        browser = StrictClient().enter(people.ready(writer))
        assert browser.get(address).status_code == 200
        message = write(browser, address)
    shared.roles.filter(assembly=second).update(ended_at=timezone.now())
    assert press(browser, message).status_code == 422
    assert not Delivery.objects.exists()


# The text


def test_what_stands_for_an_empty_field_stays_with_its_field(desk, people, committee):
    message = write(desk, address_of(committee), body="{qualité} {prénom}, de {commune}")
    Person.objects.filter(first_name="Anna").update(city="")
    Person.objects.filter(first_name="Cid").update(capacity="maire")
    page = desk.get(reverse("correspondence:step", args=[message.pk, "envoyer"])).content.decode()
    assert 'name="empty_qualité"' in page
    assert 'name="empty_commune"' in page
    Person.objects.filter(first_name="Anna").update(capacity="maire")
    assert press(desk, message, **{"empty_qualité": "élue", "empty_commune": "la commune"}).status_code == 302
    message.refresh_from_db()
    assert message.substitutes == {"commune": "la commune"}


def test_two_people_who_correct_one_text_see_both(desk, people, committee):
    message = write(desk, address_of(committee))
    change = reverse("correspondence:change", args=[message.pk])
    version = message.fingerprint
    assert version in desk.get(change).content.decode()
    other = StrictClient().enter(people.ready(people["lead"]))
    assert other.post(change, {"title": "Visite", "body": "À vendredi.", "version": version}).status_code == 302
    late = desk.post(change, {"title": "Visite", "body": "À samedi.", "version": version})
    assert late.status_code == 409
    assert "À vendredi." in late.text
    assert "À samedi." in late.text
    message.refresh_from_db()
    assert message.body == "À vendredi."
    again = desk.post(change, {"title": "Visite", "body": "À samedi.", "version": message.fingerprint})
    assert again.status_code == 302
    message.refresh_from_db()
    assert message.body == "À samedi."


def test_a_text_frozen_on_another_day_says_which(desk, people, committee):
    message = write(desk, address_of(committee))
    TeamMessage.objects.update(frozen_at=F("frozen_at") - timedelta(days=3))
    message.refresh_from_db()
    page = desk.get(reverse("correspondence:step", args=[message.pk, "envoyer"])).content.decode()
    assert f"{timezone.localtime(message.frozen_at).year} à" in page.replace("\u00a0", " ")


# Once


def test_the_order_of_the_filters_makes_no_second_message(desk, people):
    MandateFactory(term=people.term, member__person__first_name="Anna", member__person__email="anna@example.org")
    address = reverse("correspondence:write-to-list", args=["members"])
    first = write(desk, f"{address}?q=anna&tri=nom")
    second = write(desk, f"{address}?tri=-nom&rien=1&q=anna")
    assert first.query == second.query == "q=anna"
    assert press(desk, first).status_code == 302
    assert press(desk, second).status_code == 409


def test_a_message_stopped_before_it_left_may_be_sent_again(desk, people, committee):
    first = write(desk, address_of(committee))
    assert press(desk, first, send_at=in_two_days()).status_code == 302
    distributions.stop(Distribution.objects.get(), by=people["officer"])
    second, third = write(desk, address_of(committee)), write(desk, address_of(committee))
    assert press(desk, second).status_code == 302
    assert press(desk, third).status_code == 409
    sending.run(0, seconds=5)
    assert len(mails()) == 1
    distributions.stop(Distribution.objects.latest("pk"), by=people["officer"])
    assert press(desk, third).status_code == 409


# Files


def with_file(desk, committee):
    return write(desk, address_of(committee), uploads=SimpleUploadedFile("plan.pdf", pdf(), "application/pdf"))


def test_a_file_that_nobody_may_read_does_not_leave(desk, people, committee):
    message = with_file(desk, committee)
    Upload.objects.update(state="waiting", scanned_at=None)
    page = desk.post(reverse("correspondence:trial", args=[message.pk]), follow=True)
    assert "attend l’antivirus ou a été retiré" in page.text
    assert press(desk, message).status_code == 422
    assert mails() == []


def test_a_file_withdrawn_while_the_message_waits_does_not_leave(desk, people, committee):
    assert press(desk, with_file(desk, committee), send_at=in_two_days()).status_code == 302
    Upload.objects.update(withdrawn_at=timezone.now())
    leave_now()
    assert mails() == []
    assert Delivery.objects.get(way="email").state == "failed"


def test_files_go_with_their_message(desk, people, committee):
    message = with_file(desk, committee)
    change = reverse("correspondence:change", args=[message.pk])
    assert desk.post(change, {**TEXT, "version": message.fingerprint}).status_code == 302
    assert not Upload.objects.exists()
    with_file(desk, committee)
    TeamMessage.objects.update(frozen_at=F("frozen_at") - timedelta(days=91))
    erase_due()
    assert not TeamMessage.objects.exists()
    assert not Upload.objects.exists()


def test_nothing_of_a_text_to_one_person_outlives_them(desk, people):
    made = CommitteeFactory(term=people.term, name="Seule")
    person = PersonFactory(first_name="Zoé", email="zoe@example.org")
    CommitteeMembershipFactory(committee=made, person=person)
    message = write(
        desk,
        address_of(made),
        title="Départ de Zoé",
        uploads=SimpleUploadedFile("zoe.pdf", pdf(), "application/pdf"),
    )
    assert press(desk, message).status_code == 302
    erase(person, by=people["dpo"])
    distribution = Distribution.objects.get()
    assert (distribution.title, distribution.attachments) == ("Texte effacé", [])
    assert not MessageFile.objects.exists()
    assert not Upload.objects.exists()
    assert Entry.objects.filter(event_type="upload.erased").count() == 1
