"""Money, rooms, people, trips: an operation is opened, spent up to its alert; a room is taken once; somebody has too
much work and the plan says so; an order of mission is made and signed."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mission.people.models import TeamPost
from mission.trips.models import Trip
from tests.e2e.accessibility import assert_usable
from tests.factories.mission import ContractFactory, ResourceFactory
from tests.factories.team import AllocationFactory, TeamPostFactory
from tests.live import PHONE
from tests.paper_pages import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BASE = "/bureau/mission/"


def save(page, address, button="Enregistrer", **fields):
    """Fill a form and send it; a select by its value."""
    page.goto(f"{BASE}{address}")
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(str(value), force=True)
        else:
            field.fill(str(value))
    page.locator("main").get_by_role("button", name=button, exact=True).click()


def at_both_widths(page):
    """As a designer looks at it: usable, and nothing beside the window of a phone."""
    assert_usable(page)
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    page.set_viewport_size(before)


def test_what_the_mission_has_and_who_is_overloaded(site, open_context, sign_in, people):
    today, assembly = timezone.localdate(), people.assembly
    contract = ContractFactory(assembly=assembly, name="Repas des séances", starts_on=today, ends_on=today)
    room = ResourceFactory(assembly=assembly, name="Salle Garonne")
    page = open_context().new_page()
    sign_in(page.context, people.ready(people["lead"]))

    # An operation of the year, the contract whose orders count on it, one order, its delivery accepted.
    save(page, "budget/nouveau/", year=today.year, name="Repas et accueil", planned="1000")
    page.get_by_role("link", name="Ouvrir", exact=True).first.click()
    page.get_by_role("button", name="Ouvrir", exact=True).click()
    expect(page.get_by_text("L’opération est ouverte.")).to_be_visible()
    operation = page.url
    save(page, f"{operation.partition(BASE)[2]}contrats/ajouter/", contract=contract.pk)
    order = {"title": "Déjeuner", "amount": "850", "ordered_on": today.isoformat()}
    save(page, f"contrats/{contract.pk}/commandes/ajouter/", **order)
    page.goto(f"{BASE}budget/")
    expect(page.get_by_role("row", name="Repas et accueil")).to_contain_text("850")
    accepted = {"button": "Accepter une livraison", "order": contract.orders.get().pk}
    save(page, f"contrats/{contract.pk}/etapes/accepter/", **accepted)
    page.goto(f"{BASE}budget/")
    expect(page.locator("main .lead + p")).to_contain_text("0,00 € engagés, 850,00 € dépensés")
    expect(page.get_by_role("row", name="Repas et accueil")).to_contain_text("85 %")
    page.goto("/bureau/")
    expect(page.get_by_text("« Repas et accueil » est à plus de 80 % de son budget")).to_be_visible()

    # A room is booked; the second is told who has it.
    held = {"resource": room.pk, "starts_at": "2026-12-12T09:00", "ends_at": "2026-12-12T17:00"}
    save(page, "reservations/nouveau/", name="Plénière", **held)
    save(page, "reservations/nouveau/", name="Atelier", **held)
    told = f"par {people['lead'].get_full_name()} pour « Plénière »"
    expect(page.get_by_text(told).first).to_be_visible()

    # Somebody at 70 % is given 40 % more.
    post = TeamPostFactory(assembly=assembly, name="Chargée de concertation", starts_on=today.replace(day=1))
    AllocationFactory(row=post, percent=70, starts_on=today.replace(day=1), ends_on=today)
    month = {"starts_on": f"{today:%Y-%m}", "ends_on": f"{today:%Y-%m}"}
    save(page, f"equipe/{post.pk}/affectations/ajouter/", topic="Rédaction des avis", percent="40", **month)
    expect(page.get_by_role("img", name="Douze mois à venir")).to_be_visible()
    expect(page.get_by_text("110 % de charge pour 100 % de temps de travail").first).to_be_visible()
    page.goto(f"{BASE}plan-de-charge/")
    expect(page.get_by_role("row", name="Chargée de concertation").locator(".state-late")).to_have_text("110 %")
    expect(page.locator("figure").filter(has_text="Chargée").locator("path.late")).to_have_count(1)
    at_both_widths(page)
    page.goto("/bureau/")
    expect(page.get_by_text("Alléger Chargée de concertation").first).to_be_visible()

    # A trip: who goes, the sheet to be signed, the order noted.
    trip = {"name": "Visite", "place": "Luchon", "means": "train"}
    save(page, "deplacements/nouveau/", **trip, starts_at="2026-12-09T07:30", ends_at="2026-12-09T19:00")
    made = Trip.objects.get()
    save(page, f"deplacements/{made.pk}/voyageurs/ajouter/", post=TeamPost.objects.get().pk)
    with page.expect_download() as download:
        page.get_by_role("link", name="Feuille à signer (PDF)").click()
    (sheet,) = look(download.value.path().read_bytes())
    assert {"Luchon", "concertation"} <= set(sheet.words.split())
    page.get_by_role("link", name="Noter l’ordre signé").first.click()
    page.get_by_role("button", name="Noter l’ordre signé").click()
    expect(page.get_by_text("L’ordre de mission est noté comme signé.")).to_be_visible()
