"""Mail in a real browser, with a real worker: the outbox on the team's screens, the mailbox, a member's messages."""

import os
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, DeliveryState as S, LocalMessage
from tests.e2e.accessibility import assert_usable
from tests.factories.identity import PersonFactory
from tests.factories.notifications import DeliveryFactory, DistributionFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ["Abadie", "Barthès", "Benali", "Cazaux", "Diallo", "Espinasse", "Fauré", "Gasc", "Labatut"]
SAYS = {
    S.BOUNCED: "Le serveur a répondu : 550 5.1.1 Unknown user",
    S.TO_CHECK: "La liaison s’est coupée pendant la remise : le serveur a peut-être pris le message.",
    S.FAILED: "Le serveur de courrier est arrêté ou injoignable.",
}


def shot(page, name):
    """Keep a picture of the page at both widths when SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        before = page.viewport_size
        for size, width in (("1280", {"width": 1280, "height": 900}), ("390", PHONE)):
            page.set_viewport_size(width)
            page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)
        page.set_viewport_size(before)


@pytest.fixture
def mailbox(settings):
    """Send into the table of /boite-mail/, as on a developer's machine."""
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}


@pytest.fixture
def busy(people):
    """Make a distribution in every state, one that is finished, one on paper."""
    distribution = DistributionFactory(
        title="Convocation à la plénière du 28 mars",
        requested_by=people["officer"],
        attachments=["Rendez-vous pour l’agenda", "Ordre du jour (PDF)"],
    )
    states = [S.SENT, S.SENT, S.SENT, S.BOUNCED, S.TO_CHECK, S.FAILED, S.QUEUED, S.COMPLAINED, S.SENT]
    for name, state in zip(NAMES, states, strict=True):
        person = PersonFactory(first_name="Célia", last_name=name)
        DeliveryFactory(distribution=distribution, person=person, state=state, error=SAYS.get(state, ""))
    for name in ["Lafforgue", "Mounié"]:
        DeliveryFactory(distribution=distribution, paper=True, person__first_name="Jean-Luc", person__last_name=name)
    DeliveryFactory(distribution=DistributionFactory(title="Attestations du 28 mars"), state=S.SENT)
    letter = DistributionFactory(title="Compte rendu du groupe Habiter")
    DeliveryFactory(distribution=letter, paper=True)
    return distribution


@pytest.mark.long
def test_every_page_of_mail_is_usable(page, site, sign_in, people, busy, mailbox):
    sign_in(page.context, "officer")
    for name, path in {
        "liste": reverse("notifications:distribution-list"),
        "vide": reverse("notifications:distribution-list") + "?q=rien",
        "envoi": reverse("notifications:distribution-page", args=[busy.pk]),
        "a-traiter": reverse("notifications:distribution-page", args=[busy.pk]) + "?etat=a-traiter",
        "arreter": reverse("notifications:distribution-stop", args=[busy.pk]),
        "courriels": reverse("notifications:preferences"),
    }.items():
        page.goto(path)
        assert_usable(page)
        shot(page, name)


def test_a_distribution_leaves_while_one_watches(page, site, sign_in, people, mailbox, worker):
    """The whole way: asked in a transaction, sent by a worker, seen on the bar, read in the mailbox and the room."""
    member = people["member"].person
    persons = [member, *(PersonFactory(last_name=name) for name in NAMES)]
    with transaction.atomic():
        distribution = distribute(
            "message",
            people.term,
            [Recipient(person, {"body": f"Votre place : {site}/espace/\nÀ samedi."}) for person in persons],
            by=people["officer"],
            title="Rappel pour samedi",
            key="rappel",
            term=people.term,
        )
    sign_in(page.context, "officer")
    page.goto(reverse("notifications:distribution-page", args=[distribution.pk]))
    expect(page.get_by_text("10 sur 10 remis").first).to_be_visible(timeout=20_000)
    assert LocalMessage.objects.count() == 10
    page.goto("/boite-mail/")
    assert_usable(page)
    shot(page, "boite")
    page.get_by_label("Destinataire ou objet").fill(member.email)
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Rappel pour samedi").click()
    expect(page.frame_locator("iframe").get_by_role("heading", name="Rappel pour samedi")).to_be_visible()
    shot(page, "message")
    page.goto(page.locator("iframe").get_attribute("src"))
    shot(page, "courriel")
    page.get_by_role("link", name="/espace/").click()
    expect(page).to_have_url(f"{site}/espace/")
    assert set(Delivery.objects.values_list("state", flat=True)) == {S.SENT}


def test_a_member_reads_again_what_was_sent(page, site, sign_in, people):
    for title in ["Convocation à la plénière du 28 mars", "Compte rendu du 24 janvier"]:
        DeliveryFactory(
            distribution=DistributionFactory(title=title),
            person=people["member"].person,
            state=S.SENT,
            context={"body": "Rendez-vous samedi à 9 h 30."},
        )
    sign_in(page.context, "member")
    page.goto("/espace/messages/")
    assert_usable(page)
    shot(page, "mes-messages")
    page.get_by_role("link", name="Compte rendu du 24 janvier").click()
    expect(page.get_by_text("Rendez-vous samedi")).to_be_visible()
    assert_usable(page)
    shot(page, "mon-message")
