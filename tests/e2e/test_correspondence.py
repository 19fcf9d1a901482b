"""A message to a group in a real browser: three clicks and its text."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.notifications.models import Delivery
from tests.e2e.accessibility import assert_usable
from tests.factories.identity import PersonFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_three_clicks_and_the_text(site, open_context, sign_in, people, count):
    committee = CommitteeFactory(term=people.term, name="Groupe Mobilités")
    for first in ("Anna", "Cid"):
        person = PersonFactory(first_name=first, last_name="Durand", email=f"{first.lower()}@example.org")
        CommitteeMembershipFactory(committee=committee, person=person)
    page = open_context().new_page()
    sign_in(page.context, people.ready(people["officer"]))
    page.goto(reverse("institution:committee", args=[committee.pk]))

    page.locator("main").get_by_role("link", name="Écrire").click()
    page.get_by_label("Objet").fill("Visite de jeudi")
    page.get_by_label("Texte", exact=True).fill("Bonjour ")
    page.get_by_label("Champ", exact=True).select_option(label="Prénom")
    page.get_by_role("button", name="Insérer dans le texte").click()
    expect(page.get_by_label("Texte", exact=True)).to_have_value("Bonjour {prénom}")
    assert_usable(page)
    page.get_by_role("button", name="Relire").click()
    expect(page.get_by_text("Bonjour Anna")).to_be_visible()
    assert_usable(page)
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Suivante").click()
    expect(page.get_by_text("Bonjour Cid")).to_be_visible()
    assert not Delivery.objects.exists()
    page.get_by_role("button", name="Envoyer à 2 personnes").click()
    expect(page.get_by_role("heading", name="Visite de jeudi")).to_be_visible()
    assert_usable(page)
    assert Delivery.objects.count() == 2


def test_the_page_that_sends_goes_from_what_leaves_to_the_other_acts(site, open_context, sign_in, people, count):
    committee = CommitteeFactory(term=people.term)
    person = PersonFactory(first_name="Anna", city="", email="anna@example.org")
    CommitteeMembershipFactory(committee=committee, person=person)
    page = open_context().new_page()
    sign_in(page.context, people.ready(people["officer"]))
    page.goto(reverse("correspondence:write-to", args=["groupe", committee.pk]))
    page.get_by_label("Objet").fill("Visite")
    page.get_by_label("Texte", exact=True).fill("À {commune}, jeudi.")
    page.get_by_role("button", name="Relire").click()
    for size in ({"width": 1280, "height": 900}, PHONE):
        page.set_viewport_size(size)
        parts = (
            page.get_by_text("par courriel", exact=True),
            page.get_by_role("heading", name="Ce que lira"),
            page.get_by_text("est vide pour 1 personne"),
            page.get_by_role("button", name="Envoyer à 1 personne"),
            page.get_by_role("button", name="M’envoyer un essai"),
        )
        tops = [part.bounding_box()["y"] for part in parts]
        assert tops == sorted(tops)
        back = page.get_by_role("link", name="Revenir").bounding_box()["y"]
        assert tops[3] - 1 <= back < tops[4]
