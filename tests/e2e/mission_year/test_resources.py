"""Money, rooms, people, trips: an operation near its limit, a room taken once, too much work, an order of mission."""

import pytest
from playwright.sync_api import expect

from mission.budget.models import BudgetLine
from mission.contracts.models import Contract
from mission.people.models import TeamPost
from mission.rooms.models import Resource
from mission.trips.models import Trip
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import MISSION, confirm, save, taken
from tests.paper_pages import look

pytestmark = pytest.mark.browser


def test_money_near_its_limit(year):
    page = year.desk("lead")
    page.goto(f"{MISSION}/budget/")
    expect(page.locator("main .lead + p")).to_contain_text("6 340,00 € engagés, 65 500,32 € dépensés")
    expect(page.get_by_role("row", name="Repas et accueil des séances")).to_contain_text("105 %")
    expect(page.get_by_role("row", name="Accessibilité")).to_contain_text("78 %")
    next_year = BudgetLine.objects.get(year=2027)
    page.goto(f"{MISSION}/budget/{next_year.pk}/")
    confirm(page, "Ouvrir")
    expect(page.get_by_text("L’opération est ouverte.")).to_be_visible()

    contract = Contract.objects.get(name="Interprétation en langue des signes")
    order = {"title": "Plénière de décembre", "amount": "960", "ordered_on": "2026-11-25"}
    save(page, f"contrats/{contract.pk}/commandes/ajouter/", **order)
    made = contract.orders.get(title="Plénière de décembre")
    save(page, f"contrats/{contract.pk}/etapes/accepter/", "Accepter une livraison", order=made.pk)
    page.goto(f"{MISSION}/budget/?annee=2026")
    for figure in ("640,00", "6 940,00", "89 %"):
        expect(page.get_by_role("row", name="Accessibilité")).to_contain_text(figure)
    page.goto("/bureau/?tout=1")
    told = page.locator("main")
    expect(told).to_contain_text("« Accessibilité » est à plus de 80 % de son budget")
    expect(told).to_contain_text("« Communication » est à plus de 80 % de son budget")


def test_a_room_is_taken_once(year):
    page, room = year.desk("lead"), Resource.objects.get(name="Salle Garonne")
    held = {"resource": room.pk, "name": "Atelier", "ends_at": "2026-12-08T17:00"}
    save(page, "reservations/nouveau/", starts_at="2026-12-08T12:00", **held)
    expect(page.get_by_text("par Nadia Fauré pour « Rédaction des avis »").first).to_be_visible()
    save(page, "reservations/nouveau/", starts_at="2026-12-08T12:30", **held)
    expect(page.locator("h1")).to_have_text("Atelier")


def test_too_much_work_shows_in_the_plan(year):
    page, post = year.desk("lead"), TeamPost.objects.get(name="Assistant logistique")
    given = {"topic": "Rédaction des avis", "percent": "30", "starts_on": "2026-11", "ends_on": "2026-11"}
    save(page, f"equipe/{post.pk}/affectations/ajouter/", **given)
    expect(page.get_by_role("img", name="Douze mois à venir")).to_be_visible()
    expect(page.get_by_text("95 % de charge pour 80 % de temps de travail").first).to_be_visible()
    page.goto(f"{MISSION}/plan-de-charge/")
    late = page.get_by_role("row", name="Assistant logistique").locator(".state-late")
    expect(late).to_contain_text(["90 %", "95 %"])  # October, as the year went, and November
    expect(page.get_by_role("row", name="Nadia Fauré").locator(".state-late")).to_have_count(5)
    expect(page.locator("figure").filter(has_text="Nadia Fauré").locator("path.late")).to_have_count(5)
    assert_usable(page)
    page.goto("/bureau/?tout=1")
    expect(page.get_by_text("Alléger Assistant logistique").first).to_be_visible()


def test_an_order_of_mission_is_signed(year):
    page, trip = year.desk("lead"), Trip.objects.get(name="Restitution aux habitants")
    page.goto(f"{MISSION}/deplacements/")
    expect(page.locator("tbody tr")).to_have_count(17)
    page.goto(f"{MISSION}/deplacements/{trip.pk}/")
    (sheet,) = look(taken(page, page.get_by_role("link", name="Feuille à signer (PDF)")).read_bytes())
    assert {"Auterive", "concertation", "Responsable"} <= set(sheet.words.replace(",", "").split())
    page.get_by_role("link", name="Noter l’ordre signé").first.click()
    page.get_by_role("button", name="Noter l’ordre signé").click()
    expect(page.get_by_text("L’ordre de mission est noté comme signé.")).to_be_visible()
