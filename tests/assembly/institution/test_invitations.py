"""Nobody enters without an invitation: issued by the lead, accepted once, by its link or by the code of a letter."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.models import Person, User
from assembly.institution import codes, rules
from assembly.institution.actions import invitations as actions
from assembly.institution.models import Invitation, Role, RoleAssignment
from assembly.institution.signals import invitation_issued
from tests.browsing import StrictClient
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import DirectorateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Record the signals that `notifications` would receive."""
    received = []

    def hear(sender, issued, by, **kwargs):
        received.append(issued)

    invitation_issued.connect(hear)
    yield received
    invitation_issued.disconnect(hear)


def path_of(issued):
    return issued.link.removeprefix("http://localhost:8000")


def invite(people, heard, role=Role.MEMBER, **person):
    actions.invite(PersonFactory(**person), role, by=people["lead"], term=people.term)
    return heard[-1][0]


@pytest.mark.parametrize("role", Role)
def test_only_the_lead_invites(role, people):
    person = PersonFactory()
    if role == Role.LEAD:
        actions.invite(person, Role.MEMBER, by=people[role], term=people.term)
    else:
        with pytest.raises(PermissionDenied):
            actions.invite(person, Role.MEMBER, by=people[role], term=people.term)
    assert Invitation.objects.count() == (role == Role.LEAD)


def test_a_lead_of_another_assembly_invites_nobody_here(people):
    with pytest.raises(PermissionDenied):
        actions.invite(PersonFactory(), Role.MEMBER, by=people.elsewhere("lead"), term=people.term)
    with pytest.raises(PermissionDenied):
        actions.invite(
            PersonFactory(),
            Role.DIR_CONTACT,
            by=people["lead"],
            term=people.term,
            directorate=DirectorateFactory(assembly=people.elsewhere("lead").roles.get().assembly),
        )


def test_nobody_invites_oneself(people):
    with pytest.raises(PermissionDenied):
        actions.invite(people["lead"].person, Role.ADMIN, by=people["lead"], term=people.term)


def test_the_database_keeps_only_the_digest_of_the_code(people, heard):
    issued = invite(people, heard)
    assert re.fullmatch(r"([2-9A-Z]{4}-){3}[2-9A-Z]{4}", issued.code)
    assert issued.invitation.code_digest == codes.code_digest(issued.code.lower().replace("-", " "))
    assert issued.code not in str(Invitation.objects.values().get())


def test_a_new_member_accepts_in_one_click_and_is_in(client, people, heard):
    issued = invite(people, heard, first_name="Yvette", email="yvette@example.org")
    page = client.get(path_of(issued)).content.decode()
    assert "Bienvenue Yvette" in page
    assert User.objects.filter(email="yvette@example.org").count() == 0
    response = client.post(path_of(issued), {"accept": "1"})
    assert response.headers["Location"] == reverse("portal:area")
    user = User.objects.get(email="yvette@example.org")
    assert rules.is_member(user, people.term)
    assert client.get(reverse("identity:account")).status_code == 200
    verbs = list(
        Entry.objects.exclude(event_type__startswith="distribution")
        .order_by("pk")
        .values_list("event_type", flat=True)
    )
    assert verbs == ["invitation.sent", "account.created", "invitation.accepted", "role.given"]


def test_an_invited_agent_enrols_a_second_proof_first(client, people, heard):
    issued = invite(people, heard, role=Role.OFFICER)
    client.post(path_of(issued), {"accept": "1"})
    assert client.get("/bureau/").headers["Location"] == reverse("identity:second-factor")


def test_two_clicks_give_one_account(client, people, heard):
    issued = invite(people, heard)
    client.post(path_of(issued), {"accept": "1"})
    again = StrictClient().post(path_of(issued), {"accept": "1"})
    assert again.status_code == 410
    assert "a déjà servi" in again.content.decode()
    assert User.objects.filter(person=issued.invitation.person).count() == 1


def test_a_forged_link_is_refused_in_plain_words(client, people, heard):
    issued = invite(people, heard)
    for path in (path_of(issued)[:-3] + "zz/", "/invitation/abc/", "/invitation/" + "x" * 300 + "/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "n’est pas complet" in response.content.decode()


def test_an_old_or_withdrawn_invitation_is_refused_in_plain_words(client, people, heard):
    old, gone = invite(people, heard), invite(people, heard)
    Invitation.objects.filter(pk=old.invitation.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    actions.revoke(gone.invitation, by=people["lead"])
    for issued, words in ((old, "trop ancienne"), (gone, "retirée")):
        response = client.post(path_of(issued), {"accept": "1"})
        assert response.status_code == 410
        assert words in response.content.decode()
    assert RoleAssignment.objects.filter(role=Role.MEMBER).count() == 0


def test_the_invitation_of_a_corrected_address_opens_no_account(client, people, heard):
    issued = invite(people, heard, email="etrangere@example.org")
    link, person = path_of(issued), issued.invitation.person
    assert client.get(link).status_code == 200
    Person.objects.filter(pk=person.pk).update(email="vraie@example.org")
    for answer in (client.get(link), client.post(link, {"accept": "1"})):
        assert answer.status_code == 410
        assert "a changé depuis son envoi" in answer.content.decode()
    assert not User.objects.filter(person=person).exists()


def test_a_second_invitation_to_the_same_role_replaces_the_first(client, people, heard):
    person = PersonFactory()
    for _ in range(2):
        actions.invite(person, Role.MEMBER, by=people["lead"], term=people.term)
    assert client.post(path_of(heard[0][0]), {"accept": "1"}).status_code == 410
    assert client.post(path_of(heard[1][0]), {"accept": "1"}).status_code == 302


def test_many_are_invited_in_one_act(people, heard):
    actions.invite_many(PersonFactory.create_batch(3), Role.MEMBER, by=people["lead"], term=people.term)
    assert [len(issued) for issued in heard] == [3]


def test_an_invitation_never_opens_an_account_that_has_its_own_proofs(client, people, heard):
    user = people["member"]
    actions.invite(user.person, Role.DPO, by=people["lead"], term=people.term)
    response = client.post(path_of(heard[-1][0]), {"accept": "1"})
    assert response.status_code == 302
    assert "_auth_user_id" not in client.session
    rules.invalidate_roles(user)
    assert rules.has_role(user, Role.DPO)


def test_somebody_signed_in_under_another_name_is_told(signed_in, people, heard):
    issued = invite(people, heard)
    response = signed_in("member").post(path_of(issued), {"accept": "1"})
    assert response.status_code == 409
    assert "sous un autre nom" in response.content.decode()


def test_a_person_without_mail_enters_with_the_code_of_a_letter(signed_in, people, client, heard):
    issued = invite(people, heard, paper=True, first_name="Marcel")
    page = (
        signed_in("lead").post(reverse("institution:invitation-letter", args=[issued.invitation.pk])).content.decode()
    )
    code = re.search(r"([2-9A-Z]{4}-){3}[2-9A-Z]{4}", page)[0]
    assert "Marcel" in page
    assert "n’est pas le bon" in client.post("/invitation/", {"code": issued.code}).content.decode()
    assert "Bienvenue Marcel" in client.post("/invitation/", {"code": code.lower()}).content.decode()
    assert client.post("/invitation/", {"code": code, "accept": "1"}).status_code == 422
    response = client.post("/invitation/", {"code": code, "accept": "1", "email": "marcel@example.org"})
    assert response.status_code == 302
    assert User.objects.get(email="marcel@example.org").person.email == "marcel@example.org"


def test_an_address_in_use_is_refused_and_the_invitation_still_serves(client, people, heard):
    UserFactory(email="prise@example.org")
    issued = invite(people, heard, paper=True)
    form = {"code": issued.code, "accept": "1", "email": "prise@example.org"}
    assert "sert déjà" in client.post("/invitation/", form).content.decode()
    assert client.post("/invitation/", form | {"email": "libre@example.org"}).status_code == 302


def test_the_lead_invites_from_the_screen(signed_in, people, heard):
    form = {"first_name": "Hugo", "last_name": "Lafforgue", "email": "Hugo@example.org", "role": "dir_contact"}
    browser = signed_in("lead")
    refused = browser.post(reverse("institution:invite"), form)
    assert "Choisissez la direction" in refused.content.decode()
    accepted = browser.post(reverse("institution:invite"), form | {"directorate": people.directorate.pk})
    assert accepted.headers["Location"] == reverse("institution:people")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.directorate) == ("hugo@example.org", people.directorate)
    assert "Hugo Lafforgue" in browser.get(reverse("institution:people")).content.decode()
    assert Person.objects.filter(first_name="Hugo").count() == 1
    browser.post(reverse("institution:invitation-revoke", args=[invitation.pk]))
    assert "hugo@example.org" not in browser.get(reverse("institution:people")).content.decode()
