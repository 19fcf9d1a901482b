"""Support: a directorate asks from its room, the team advises a method, delivers, is evaluated; an EPCI is taught."""

import pytest
from playwright.sync_api import expect

from mission.support.models import SupportRequest
from tests.e2e.accessibility import assert_usable
from tests.factories.support import EpciFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MISSION = "/bureau/mission"


def fill(page, **fields):
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def send(page, words):
    page.locator("main").get_by_role("button", name=words, exact=True).click()


def confirm(page, words):
    """A step, asked in a dialog."""
    page.get_by_role("link", name=words, exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=words, exact=True).click()


def test_from_the_room_of_a_directorate_to_the_map(site, open_context, sign_in, people):
    officer = people.ready(people["officer"])
    epci = EpciFactory(assembly=people.assembly, name="CC de Revel")
    room = open_context(viewport=PHONE).new_page()
    desk = open_context().new_page()
    sign_in(room.context, "dir_contact")
    sign_in(desk.context, officer)

    room.goto("/instructions/")
    room.get_by_role("link", name="Appui", exact=True).click()
    room.get_by_role("link", name="Demander un appui").click()
    fill(room, name="Réunir les aidants", need="Une trentaine de personnes, le soir.", policy="autonomy")
    send(room, "Envoyer la demande")
    expect(room.get_by_text("La mission lit votre demande.")).to_be_visible()
    asked = SupportRequest.objects.get()

    desk.goto("/bureau/")
    desk.get_by_role("link", name="Qualifier la demande d’appui").click()
    address = f"{MISSION}/appui/{asked.pk}/"
    confirm(desk, "Qualifier")
    confirm(desk, "Accepter")
    expect(desk.get_by_text("La demande est acceptée.")).to_be_visible()
    desk.goto(f"{MISSION}/fiches-methodes/nouveau/")
    fill(desk, name="Marche exploratoire", purpose="Regarder un lieu.", method="Cinq arrêts.", effort="light")
    fill(desk, group_min="6", group_max="12", cost="150")
    send(desk, "Enregistrer")
    confirm(desk, "Mettre en usage")
    expect(desk.get_by_text("La fiche se propose dans les demandes")).to_be_visible()
    desk.goto(f"{address}methodes/ajouter/")
    desk.locator("[name=method]").select_option(label="Marche exploratoire")
    fill(desk, why="Le trajet jusqu’au bourg.")
    send(desk, "Enregistrer")
    desk.goto(f"{address}modifier/")
    fill(desk, advice="Allez là où les gens vont déjà.", owner=str(officer.pk))
    send(desk, "Enregistrer")
    for words in ("Confier", "Commencer", "Noter comme rendue"):
        confirm(desk, words)
    expect(desk.get_by_text("L’appui est rendu.")).to_be_visible()

    room.goto("/instructions/")
    room.get_by_role("link", name="Dire ce que l’appui a produit").click()
    expect(room.get_by_role("heading", name="Qu’en dit le demandeur ?")).to_be_visible()
    room.goto(f"/instructions/appui/{asked.pk}/")
    room.get_by_role("link", name="Lire la note et ses méthodes").click()
    expect(room.get_by_text("Allez là où les gens vont déjà.")).to_be_visible()
    expect(room.get_by_role("heading", name="Marche exploratoire")).to_be_visible()
    room.goto(f"/instructions/appui/{asked.pk}/evaluer/")
    fill(room, rating="5", evaluation="Trois réunions tenues.")
    send(room, "Évaluer")
    expect(room.get_by_text("Trois réunions tenues.")).to_be_visible()
    assert_usable(room)

    desk.goto(f"{MISSION}/appui/nouveau/")
    fill(desk, name="Former des agents", epci=str(epci.pk), received_on="2026-03-02", policy="cross_cutting")
    fill(desk, need="Six agents animent sans y être formés.")
    send(desk, "Enregistrer")
    taught = SupportRequest.objects.latest("pk")
    desk.goto(f"{MISSION}/appui/{taught.pk}/formations/ajouter/")
    fill(desk, title="Animer une réunion", held_on="2026-04-14", hours="6", place="Revel", registered="3")
    fill(desk, attended="2", answers="2", satisfaction="4.5")
    send(desk, "Enregistrer")
    desk.get_by_role("link", name="Attestations").click()
    fill(desk, names="Ana Ruiz\nLéo Petit\nMia Roux")
    send(desk, "Préparer les attestations")
    expect(desk.get_by_text("pas plus de noms").first).to_be_visible()
    fill(desk, names="Ana Ruiz\nLéo Petit")
    send(desk, "Préparer les attestations")
    expect(desk.get_by_role("heading", name="Attestation de présence")).to_have_count(2)
    expect(desk.get_by_text("Léo Petit")).to_be_visible()

    desk.goto(f"{MISSION}/appui/")
    desk.get_by_role("link", name="Qui a mené quoi").click()
    expect(desk.get_by_role("row", name="Direction de l’Autonomie")).to_contain_text("Réunir les aidants")
    desk.goto(f"{MISSION}/appui/intercommunalites/?annee=2026")
    assert_usable(desk)
    desk.get_by_role("link", name="CC de Revel").click()
    expect(desk.get_by_role("link", name="Former des agents")).to_be_visible()
    expect(desk.get_by_role("link", name="Réunir les aidants")).to_have_count(0)
