"""Commitments: the opinion is sealed, the council answers, and anybody reads what was promised and where it stands."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import expect

from demo import sealing
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import is_as_narrow_as_a_phone

# Last of its folder by its name: the others find the demonstration as it was loaded.
pytestmark = [pytest.mark.browser, pytest.mark.long]
FIGURE = "Réponses publiées"


@pytest.fixture
def answered(year):
    """Play the story in a thread: sealing needs an event loop, and the browser has its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(sealing.play, "opinion").result()
        thread.submit(connections.close_all).result()
    return year


def test_what_was_promised_is_read_by_anybody(answered):
    visitor = answered.visitor
    visitor.goto(reverse("answers:public-commitments"))
    assert is_as_narrow_as_a_phone(visitor)
    told = visitor.locator("main")
    for words in (
        "Un bus itinérant des droits dans les cantons ruraux",
        "10 mai 2027 : Le bus est livré",
        "Un seul constructeur a répondu, et il livre en mai.",
        "Un point était attendu le 1er novembre 2026 : il manque depuis 24 jours.",
    ):
        expect(told).to_contain_text(words)
    expect(told.locator("li.report-row")).to_have_count(6)
    visitor.get_by_role("link", name="Réalisée").click()
    expect(told.locator("li.report-row")).to_have_count(1)

    elected = answered.desk("sponsor")
    for page, address in ((answered.desk("lead"), "mission:indicators"), (elected, "mission:directorate-indicators")):
        page.goto(reverse(address))
        card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=FIGURE, exact=True))
        expect(card.locator(".figure-value")).to_contain_text("8")
        card.locator(".figure-value a").click()
        expect(page.locator("tbody tr")).to_have_count(8)
    assert_usable(elected)


def test_the_opinion_is_short_on_a_phone_and_its_tabs_need_no_script(answered):
    """Ten cards in 6,000 px; 30,252 px while the text stood above them (issue 34)."""
    visitor = answered.visitor
    page = reverse("opinions:public", args=["AC2-2026-01"])
    visitor.goto(page)
    assert is_as_narrow_as_a_phone(visitor)
    assert visitor.locator("ol.proposal-cards > li").count() == 10
    assert visitor.evaluate("document.documentElement.scrollHeight") <= 6_000
    for name in ("Texte", "Votes", "Amendements"):
        visitor.get_by_role("navigation", name="Onglets de l’avis").get_by_role("link", name=name).click()
        expect(visitor.locator(".tabs [aria-current=page]")).to_contain_text(name)
        assert is_as_narrow_as_a_phone(visitor)
    visitor.goto(f"{page}?reponse=rejected")
    expect(visitor.locator("ol.proposal-cards > li")).to_have_count(1)
