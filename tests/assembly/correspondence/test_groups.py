"""To whom one writes: a sitting by answer, a person, a directorate, lists and ticked rows; files, saved texts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assembly.correspondence.models import MessageFile, SavedText, TeamMessage
from assembly.institution.models import Role
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, LocalMessage
from assembly.notifications.preferences import choose
from tests.browsing import StrictClient
from tests.factories.identity import PersonFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory, RoleAssignmentFactory
from tests.factories.mailings import ListSubscriberFactory, MailingListFactory, PartnerContactFactory
from tests.factories.members import ContactFactory, MandateFactory
from tests.factories.mission import PartnerFactory
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.files import pdf

TEXT = {"title": "Visite", "body": "Bonjour {prénom}, à jeudi."}


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


@pytest.fixture
def lead(people):
    return StrictClient().enter(people.ready(people["lead"]))


def write(desk, address, **more):
    answer = desk.post(address, {**TEXT, **more})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return TeamMessage.objects.latest("pk")


def names(message):
    return sorted(row.person.first_name for row in message.recipients.select_related("person"))


def press(desk, message):
    page = reverse("correspondence:step", args=[message.pk, "envoyer"])
    return desk.post(page, {"shown": message.fingerprint})


def test_a_sitting_by_answer(desk, people):
    sitting = SittingFactory(term=people.term, title="Plénière de mars", place_name="Caen")
    for first, reply in (("Anna", "will_attend"), ("Béa", "invited"), ("Cid", "invited")):
        moment = None if reply == "invited" else sitting.starts_at
        person = PersonFactory(first_name=first, email=f"{first[0]}@example.org")
        InviteeFactory(sitting=sitting, person=person, reply=reply, replied_at=moment)
    address = reverse("correspondence:write-to", args=["seance", sitting.pk])
    assert address in desk.get(reverse("sittings:sitting", args=[sitting.pk])).content.decode()
    assert "Sans réponse (2)" in desk.get(address).content.decode()
    everybody = write(desk, address, body="{séance}, {date}, {heure}, {lieu}")
    assert names(everybody) == ["Anna", "Béa", "Cid"]
    assert everybody.facts["séance"] == "Plénière de mars"
    silent = write(desk, address, part="invited")
    assert names(silent) == ["Béa", "Cid"]
    assert silent.group_name.endswith("(Sans réponse)")
    assert desk.post(address, {**TEXT, "part": "nonsense"}).status_code == 422


def test_members_with_a_filter_and_ticked_rows(desk, people):
    mandates = [MandateFactory(term=people.term, member__person__first_name=first) for first in ("Anna", "Béa", "Cid")]
    canton = mandates[0].member.canton
    page = desk.get(f"{reverse('members:member-list')}?canton={canton.pk}").content.decode()
    address = reverse("correspondence:write-to-list", args=["members"])
    assert f'href="{address}?canton={canton.pk}' in page
    assert f'formaction="{address}"' in page
    filtered = write(desk, f"{address}?canton={canton.pk}")
    assert "Anna" in names(filtered)
    assert filtered.count == people.term.mandates.filter(member__canton=canton, state="active").count()
    ticked = write(desk, f"{address}?ligne={mandates[1].pk}&ligne={mandates[2].pk}&retour=/x&acte=ecrire")
    assert names(ticked) == ["Béa", "Cid"]
    assert "lignes choisies : 2" in ticked.group_name.replace("\u00a0", " ")
    for wrong in ("ligne=99999999999999999999", "ligne=x", "canton=%00"):
        assert desk.get(f"{address}?{wrong}").status_code in {200, 400}


def test_a_member_a_directorate_and_an_account(desk, lead, people):
    mandate = MandateFactory(term=people.term, member__person__first_name="Anna")
    address = reverse("correspondence:write-to", args=["membre", mandate.pk])
    assert address in desk.get(reverse("members:member-page", args=[mandate.pk])).content.decode()
    message = write(desk, address, body="{canton}")
    assert names(message) == ["Anna"]
    assert press(desk, message).status_code == 302
    page = desk.get(reverse("members:member-page", args=[mandate.pk])).content.decode()
    assert "Messages écrits" in page
    assert "a envoyé le message" in page
    RoleAssignmentFactory(
        user=people["stranger"], role=Role.DIR_CONTACT, directorate=people.directorate, assembly=people.term.assembly
    )
    directorate = reverse("correspondence:write-to", args=["direction", people.directorate.pk])
    assert directorate in lead.get(reverse("institution:directorates")).content.decode()
    assert write(desk, directorate, body="{direction}").count == 1
    account = reverse("correspondence:write-to", args=["compte", people["dir_contact"].pk])
    assert account in lead.get(reverse("institution:person", args=[people["dir_contact"].pk])).content.decode()
    assert write(lead, account).count == 1
    page_of_account = f'href="{reverse("institution:person", args=[people["dir_contact"].pk])}"'
    assert page_of_account in lead.get(account).content.decode()
    shown = desk.get(account).content.decode()  # an officer writes to an account, whose page is the lead’s
    assert page_of_account not in shown
    assert f'href="{reverse("correspondence:list")}" data-assembly-back' in shown
    accounts = reverse("correspondence:write-to-list", args=["accounts"])
    assert write(lead, f"{accounts}?role=dir_contact").count == 2
    assert desk.get(accounts).status_code == 403


def test_outside_a_dossier_one_click_ends_it(desk, people, settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    anna, refuses, later = (
        ContactFactory(
            assembly=people.term.assembly, person__first_name=first, person__email=f"{first[0]}@example.org"
        )
        for first in ("Anna", "Béa", "Cid")
    )
    choose(refuses.person, optional_mail=False, by=refuses.person)
    message = write(desk, reverse("correspondence:write-to-list", args=["persons"]))
    assert {"Anna", "Cid"} <= set(names(message))
    assert "Béa" not in names(message)
    assert press(desk, message).status_code == 302
    choose(later.person, optional_mail=False, by=later.person)
    sending.run(0, seconds=5)
    mails = [bytes(row.raw) for row in LocalMessage.objects.all()]
    assert any(b"A@example.org" in mail for mail in mails)
    assert all(b"List-Unsubscribe-Post" in mail for mail in mails)
    assert Delivery.objects.get(person=later.person).state == "cancelled"
    assert Delivery.objects.get(person=anna.person).state == "sent"


def test_partners_who_agreed_alone(desk, people):
    partner, other = (PartnerFactory(name=name, assembly=people.term.assembly) for name in ("Élan", "Zoo"))
    row = MailingListFactory(assembly=people.term.assembly)
    agreed = ListSubscriberFactory(row=row, partner=partner, person__first_name="Anna")
    PartnerContactFactory(row=partner, person=agreed.person)
    mute = PersonFactory(first_name="Muet", email="muet@example.org")
    PartnerContactFactory(row=partner, person=mute)
    address = reverse("correspondence:write-to", args=["partenaire", partner.pk])
    assert address in desk.get(reverse("mission:partners-row", args=[partner.pk])).content.decode()
    assert names(write(desk, address, body="{partenaire}")) == ["Anna"]
    every = reverse("correspondence:write-to-list", args=["partners"])
    assert names(write(desk, f"{every}?q=Élan")) == ["Anna"]
    assert write(desk, f"{every}?ligne={other.pk}").count == 0
    assert f'formaction="{every}"' in desk.get(reverse("mission:partners")).content.decode()


@pytest.fixture
def committee(people):
    made = CommitteeFactory(term=people.term, name="Mobilités")
    CommitteeMembershipFactory(committee=made, person=PersonFactory(first_name="Anna", email="anna@example.org"))
    return made


def test_files_are_joined_within_the_limit(desk, people, committee, settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    address = reverse("correspondence:write-to", args=["groupe", committee.pk])
    content = pdf()
    message = write(desk, address, uploads=SimpleUploadedFile("plan.pdf", content, "application/pdf"))
    assert "plan.pdf" in desk.get(reverse("correspondence:step", args=[message.pk, "envoyer"])).content.decode()
    change = reverse("correspondence:change", args=[message.pk])
    typed = {**TEXT, "joined": [MessageFile.objects.get().pk], "version": message.fingerprint}
    assert desk.post(change, typed).status_code == 302
    assert MessageFile.objects.count() == 1
    message.refresh_from_db()
    assert press(desk, message).status_code == 302
    sending.run(0, seconds=5)
    assert b'filename="plan.pdf"' in bytes(LocalMessage.objects.get().raw)
    settings.MAIL_MOST_MEGABYTES = 0
    answer = desk.post(address, {**TEXT, "uploads": SimpleUploadedFile("plan.pdf", content, "application/pdf")})
    assert answer.status_code == 422
    assert "Un courriel en porte" in answer.content.decode()
    wrong = desk.post(address, {**TEXT, "uploads": SimpleUploadedFile("plan.exe", b"MZ\x90\x00", "application/pdf")})
    assert wrong.status_code == 422


def test_a_try_to_oneself_and_a_saved_text(desk, people, committee, mailoutbox):
    address = reverse("correspondence:write-to", args=["groupe", committee.pk])
    message = write(desk, address)
    assert desk.post(reverse("correspondence:trial", args=[message.pk])).status_code == 302
    assert mailoutbox[0].to == [f"{people['officer'].get_full_name()} <{people['officer'].email}>"]
    assert mailoutbox[0].subject.replace("\u00a0", " ") == "Essai : Visite"
    assert not Delivery.objects.exists()
    save = reverse("correspondence:text-save", args=[message.pk])
    assert desk.post(save, {"name": "Visite"}).status_code == 302
    assert desk.post(save, {"name": "Visite"}).status_code == 422
    text = SavedText.objects.get()
    assert "Bonjour {prénom}" in desk.get(f"{address}?modele={text.pk}").content.decode()
    remove = reverse("correspondence:text-step", args=[text.pk, "retirer"])
    page = desk.post(remove, follow=True).content.decode()
    assert reverse("correspondence:text-step", args=[text.pk, "remettre"]) in page
    assert "Bonjour {prénom}" not in desk.get(f"{address}?modele={text.pk}").content.decode()
