"""A list as somebody arranged it: kept, shared with a directorate, mailed, taken away, closed with its author."""

from datetime import date

import pytest
from playwright.sync_api import expect

from assembly.institution.models import Directorate
from assembly.saved_views.actions import send_weekly
from assembly.saved_views.models import SavedView
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import MISSION, taken

pytestmark = pytest.mark.browser
NAME, MONDAY = "Services de l’État", date(2026, 11, 30)
KEPT = "Demandes des directions, la plus ancienne d’abord"


def arrange(page):
    """Filter and sort the list, and hide three of its columns."""
    page.goto(f"{MISSION}/partenaires/?type=state&tri=-nom")
    page.get_by_text("Colonnes", exact=True).click()
    for label in ("Territoire", "Dernier échange", "Échéance"):
        page.locator(".columns").get_by_label(label, exact=True).uncheck()
    page.get_by_role("button", name="Montrer ces colonnes").click()
    expect(page.locator("main table thead")).not_to_contain_text("Territoire")


def share(page, directorate):
    page.get_by_role("link", name="Enregistrer cette vue").click()
    page.get_by_label("Nom de la vue").fill(NAME)
    page.get_by_role("button", name="Enregistrer").click()
    page.locator("[name=directorate]").select_option(str(directorate.pk))
    page.get_by_label("M’envoyer cette vue chaque lundi").check()
    assert_usable(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("link", name=NAME)).to_have_attribute("aria-current", "true")


@pytest.fixture
def officer(year):
    """Yield the officer; give the ended role back after the story."""
    officer = year.user("officer")
    yield officer
    officer.roles.update(ended_at=None)


def test_a_view_is_shared_as_long_as_its_author_sees_it(year, officer):
    desk, room = year.desk("officer"), year.room("dir_contact")
    arrange(desk)
    share(desk, Directorate.objects.get(code="autonomie"))
    head, *lines = taken(desk, desk.get_by_role("link", name="Exporter en CSV")).read_text("utf-8-sig").splitlines()
    assert head == "Nom;Type;Thèmes;État"
    notes = [line for line in lines if "# " in line]
    assert ["Partenaires" in notes[0], "Type" in notes[1], "Nadia Fauré" in notes[-1]] == [True] * 3

    view = SavedView.objects.get(name=NAME)
    room.goto(f"/vues/{view.token}/")
    expect(room.locator("tbody tr")).to_contain_text(
        ["Observatoire régional de la santé", "Maison de l’innovation publique"]
    )
    assert_usable(room)
    room.goto(f"/vues/{SavedView.objects.get(name=KEPT).token}/")
    expect(room.locator("tbody tr").first).to_contain_text("Former les agents à l’animation de réunions")

    desk.goto("/bureau/saisines/?q=vieillir")
    desk.get_by_role("link", name="Vues enregistrées").click()
    expect(desk.get_by_role("link", name="Saisines en cours", exact=True)).to_be_visible()
    expect(desk.get_by_text("Chercher : vieillir")).to_be_visible()
    desk.get_by_label("Nom de la vue").fill("Vieillir")
    desk.get_by_role("button", name="Enregistrer").click()
    desk.get_by_role("link", name="Revenir").click()
    expect(desk.get_by_role("link", name="Bien vieillir en Haute-Garonne")).to_be_visible()

    assert send_weekly(MONDAY) == 1
    officer.roles.update(ended_at="2026-11-01T00:00:00Z")
    answer = room.goto(f"/vues/{view.token}/")
    assert answer.status == 404
    assert send_weekly(date(2026, 12, 7)) == 0
