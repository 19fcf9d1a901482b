"""Indicators: a figure of the last night and its rows for two roles, a typed value, the sheet, the public."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mission.indicators.models import IndicatorSheet, ManualValue
from tests.live import PHONE

pytestmark = pytest.mark.browser
FIGURE, PLENARIES = "Plénières tenues", 5


def figure_of(page):
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=FIGURE, exact=True))
    return card.locator(".figure-value")


def opened_rows(page):
    """Return the figure, and the number of rows in its list."""
    words = figure_of(page).inner_text()
    figure_of(page).get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(FIGURE)
    assert int(re.match(r"\d+", page.locator("caption").inner_text())[0]) == page.locator("tbody tr").count()
    return words.split()[-1], page.locator("tbody tr").count()


def test_from_the_night_to_the_public_page(year):
    officer, elected, visitor = year.desk("officer"), year.desk("sponsor"), year.visitor
    officer.goto(reverse("mission:indicators"))
    expect(officer.locator("main")).to_contain_text("au 24 novembre 2026")
    assert opened_rows(officer) == (str(PLENARIES), PLENARIES)
    expect(officer.locator("tbody")).to_contain_text("Séance plénière de rentrée")
    elected.goto(reverse("mission:directorate-indicators"))
    expect(figure_of(elected)).to_have_text(str(PLENARIES))
    expect(figure_of(elected).get_by_role("link")).to_have_count(0)  # the same figure, and not its rows

    officer.goto(reverse("mission:indicators"))
    officer.locator("#a-saisir").get_by_role("link", name="Confiance dans les élus, après").click()
    officer.get_by_label("Valeur", exact=True).fill("64,5")
    officer.get_by_label("Valeur au").fill("2026-11-25")
    officer.get_by_label("Source").fill("Questionnaire de novembre")
    officer.get_by_role("button", name="Garder la valeur").click()
    expect(officer.locator("main")).to_contain_text("64,5")
    value = ManualValue.objects.get(source="Questionnaire de novembre")
    assert (value.entered_by, value.day, value.value) == (year.user("officer"), date(2026, 11, 25), Decimal("64.5"))

    officer.goto(reverse("mission:indicators-compare"))
    expect(officer.get_by_role("columnheader", name="Deuxième Assemblée, 2025-2027")).to_be_visible()
    officer.goto(reverse("mission:indicator-sheets"))
    officer.get_by_role("button", name="Faire la fiche du dernier relevé").click()
    expect(officer.locator("main")).to_contain_text(FIGURE)
    expect(officer.get_by_role("button", name="PDF à imprimer")).to_be_visible()
    assert IndicatorSheet.objects.get().day == date(2026, 11, 24)

    visitor.goto(reverse("mission:public-indicators"))
    expect(visitor.get_by_role("link", name=FIGURE)).to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="Télécharger les chiffres (CSV)").click()
    lines = [*csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")), delimiter=";")]
    assert [line[4] for line in lines if line[0] == FIGURE] == ["5,0000"]
