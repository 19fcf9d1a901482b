"""Indicators in the browser: a night, a figure and its rows for two roles, a typed value, the sheet, the public."""

import csv
import io
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.institution.models import Term
from mission.indicators.figures import months_earlier
from mission.indicators.models import IndicatorSheet, ManualValue
from tests.e2e.test_story import Rooms
from tests.live import PHONE
from tests.mission.indicators.nights import counted_night, yesterday
from tests.mission.indicators.year import a_year

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
]
FIGURE = "Réponses publiées"


def opened_rows(page):
    """The count of the list that the figure opens, and what the figure says of it."""
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=FIGURE, exact=True))
    words = card.locator(".figure-value").inner_text()
    card.locator(".figure-value a").click()
    expect(page.locator("h1")).to_have_text(FIGURE)
    told = int(re.match(r"\d+", page.locator("caption").inner_text())[0])
    assert told == page.locator("tbody tr").count()
    return words, told


def test_from_the_night_to_the_public_page(open_context, people, site):
    a_year(people)
    Term.objects.filter(pk=people.term.pk).update(starts_on=months_earlier(yesterday(), 9))
    counted_night(Term.objects.get(pk=people.term.pk))
    rooms = Rooms(open_context, people, site)
    lead, elected, officer = (rooms.enter(people[who]) for who in ("lead", "sponsor", "officer"))
    lead.goto(reverse("mission:indicators"))
    own = opened_rows(lead)
    elected.goto(reverse("mission:room-indicators"))
    assert opened_rows(elected) == own

    officer.goto(reverse("mission:indicators"))
    officer.locator("#a-saisir").get_by_role("link", name="Satisfaction").click()
    officer.get_by_label("Valeur", exact=True).fill("81,5")
    officer.get_by_label("Valeur au").fill(yesterday().isoformat())
    officer.get_by_label("Source").fill("Questionnaire de novembre")
    officer.get_by_role("button", name="Garder la valeur").click()
    expect(officer.locator("main")).to_contain_text("81,5")
    assert ManualValue.objects.get().entered_by == people["officer"]

    officer.goto(reverse("mission:indicators"))
    officer.get_by_role("link", name="Comparer les mandatures").click()
    expect(officer.get_by_role("columnheader", name=people.term.name)).to_be_visible()
    officer.goto(reverse("mission:indicator-sheets"))
    officer.get_by_role("button", name="Faire la fiche du dernier relevé").click()
    expect(officer.locator("main")).to_contain_text(FIGURE)
    expect(officer.get_by_role("button", name="PDF à imprimer")).to_be_visible()
    assert IndicatorSheet.objects.get().day == yesterday()

    visitor = open_context(viewport=PHONE, java_script_enabled=False).new_page()
    visitor.goto(reverse("mission:public-indicators"))
    expect(visitor.get_by_role("link", name=FIGURE)).to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="Télécharger les chiffres (CSV)").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert any(FIGURE in row for row in csv.reader(io.StringIO(text), delimiter=";"))
