"""What members do most, in Firefox: the sign-in, the answer to an invitation, a shared text, an amendment."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from assembly.collab.models import TextRight
from opinions.models import Amendment, AmendmentState
from sessions.models import Reply
from sessions.sittings import rules as sittings
from tests.e2e.coediting import STATUS, TEXT
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.opinions.amendments.debated_opinion import amending

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(site, open_firefox, session_of):
    """Return a function: `enter(user)` opens a page signed in as that user."""

    def open_signed_in(who):
        tab = open_firefox()
        tab.add_cookie(*session_of(who), "localhost")
        return tab

    return open_signed_in


def test_a_member_enters_with_a_code_from_the_keyboard(site, open_firefox, people):
    page = open_firefox()
    page.goto(f"{site}/espace/")
    page.wait_path("/compte/connexion/$")
    page.fill("input[name=email], input[name=login]", people["member"].email)
    page.press("Enter")
    page.wait_path("/compte/connexion/code/")
    page.fill("input[name=code]", re.search(r"\d{6}", mail.outbox[-1].body)[0])
    page.press("Enter")
    page.wait_path("^/espace/")
    assert people["member"].person.first_name in page.text("main")


def test_a_member_answers_an_invitation_from_the_mail(site, open_firefox):
    invitee = InviteeFactory(sitting=SittingFactory(notified=True, offers_meal=True))
    page = open_firefox(width=390, height=844)
    page.goto(f"{site}{reverse('sittings:reply', args=[sittings.reply_token(invitee)])}")
    page.click("button[name=reply][value=will_attend]")
    page.wait_text("C’est noté")
    page.click("input[name=wants_meal]")
    page.click("button", "Enregistrer")
    page.wait_text("Ce que vous avez ajouté")
    invitee.refresh_from_db()
    assert (invitee.reply, invitee.wants_meal) == (Reply.WILL_ATTEND, True)


def test_two_people_write_in_one_paragraph(site, desk, enter):
    desk.write("PIE28747 nous proposons un bus.", "La suite.")
    one, two = (enter(desk.person()) for _ in range(2))
    reader = enter(desk.person(TextRight.READ))
    for page in (one, two, reader):
        page.goto(site + desk.address)
        page.wait_text("nous proposons", TEXT)
        page.wait("(selector) => Boolean(document.querySelector(selector).editor)", TEXT)
    one.click(f"{TEXT} p")
    one.press("End")
    one.press("ArrowLeft")
    two.click(f"{TEXT} p")
    two.press("Home")
    mine, theirs = " pour le dimanche", "Avec les communes, "
    for place in range(max(len(mine), len(theirs))):
        one.type(mine[place : place + 1])
        two.type(theirs[place : place + 1])
    written = "Avec les communes, PIE28747 nous proposons un bus pour le dimanche."
    for page in (one, two, reader):
        page.wait_text(written, TEXT)
    for page in (one, two):
        page.wait_text("Tout est enregistré", STATUS)
    assert desk.html() == f"<p>{written}</p><p>La suite.</p>"
    two.press("Control", "z")
    one.wait_text("PIE28747 nous proposons un bus pour le dimanche.", TEXT)


def test_an_amendment_is_proposed(site, people, enter):
    opinion = amending(people)
    page = enter("member")
    page.goto(site + reverse("opinions:my-amendments", args=[opinion.pk]))
    page.click("a", "Proposer un amendement")
    page.click("button", "Amender l’alinéa 2")
    page.click("a", "Plutôt le formulaire")
    page.wait_text("Des habitants vivent seuls.", "main")
    page.click("label", "Remplacer")
    for label, words in (
        ("Les mots à changer", "vivent seuls"),
        ("Le nouveau texte", "sont isolés"),
        ("Pourquoi ?", "Le mot est plus juste."),
    ):
        page.click("label", label)
        page.type(words)
    page.click("button", "Relire mon amendement")
    page.click("button", "Déposer mon amendement")
    page.wait_text("Amendement n°", "h1")
    amendment = Amendment.objects.get()
    assert (amendment.state, amendment.quote) == (AmendmentState.SUBMITTED, "vivent seuls")
