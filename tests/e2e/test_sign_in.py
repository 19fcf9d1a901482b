"""The ways in as people live them: an invitation by mail, a passkey, a code."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from assembly.institution import codes
from assembly.institution.actions import invitations
from assembly.institution.models import Role
from tests.e2e.accessibility import assert_accessible
from tests.factories.identity import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def passkeys(page):
    """Add a virtual authenticator that verifies its owner, as a phone does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_an_agent_is_invited_adds_a_passkey_and_comes_back_with_it(page, site, people, passkeys):
    person = PersonFactory(first_name="Nadia", last_name="Fauré", email="nadia@example.org")
    invitation = invitations.invite(person, Role.OFFICER, by=people["lead"], term=people.term)
    page.goto(site + reverse("institution:invitation", args=[codes.token(invitation.public_id)]))
    assert_accessible(page)
    page.get_by_role("button", name="Accepter et entrer").click()
    page.wait_for_url(re.compile("/compte/proteger/"))
    assert_accessible(page)
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Nom de cette clé").fill("mon ordinateur")
    page.get_by_role("button", name="Ajouter").click()
    page.wait_for_url(re.compile("/compte/preuves/secours/"))
    assert page.get_by_text("10 codes sur 10").is_visible()
    assert_accessible(page)
    page.goto(f"{site}/bureau/")
    assert page.get_by_role("navigation", name="Bureau").is_visible()
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url(lambda url: "bureau" not in url and "deconnexion" not in url)  # the device is emptied first
    page.goto(site + reverse("account_login"))
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(re.compile("/bureau/"))


def test_a_member_enters_with_a_code_from_the_keyboard(page, site, people):
    member = people["member"]
    page.goto(f"{site}/espace/")
    page.wait_for_url(re.compile("/compte/connexion/"))
    page.get_by_label("Adresse électronique").first.fill(member.email)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/compte/connexion/code/"))
    assert_accessible(page)
    page.get_by_label("Code à six chiffres").fill(re.search(r"\d{6}", mail.outbox[-1].body)[0])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/espace/"))
