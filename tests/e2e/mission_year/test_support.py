"""Support: a directorate asks from its room, the team advises a method, delivers, is evaluated; an EPCI is taught."""

import pytest
from playwright.sync_api import expect

from mission.methods.models import MethodSheet
from mission.support.models import SupportRequest
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import MISSION, confirm, fill_in, save, send

pytestmark = pytest.mark.browser
NOTE = "Allez là où les gens vont déjà."


def test_from_the_room_of_a_directorate_to_what_it_says_of_it(year):
    room, desk, officer = year.room("dir_contact"), year.desk("officer"), year.user("officer")
    room.goto("/instructions/")
    room.get_by_role("link", name="Appui", exact=True).click()
    for name in ("Réunir les aidants du Luchonnais", "Discuter du schéma autonomie en quatre lieux"):
        expect(room.get_by_role("link", name=name)).to_be_visible()
    room.get_by_role("link", name="Demander un appui").click()
    fill_in(room, name="Ouvrir les résidences", need="Une trentaine de personnes, le soir.", policy="autonomy")
    send(room, "Envoyer la demande")
    expect(room.get_by_text("La mission lit votre demande.")).to_be_visible()
    asked = SupportRequest.objects.get(name="Ouvrir les résidences")

    desk.goto("/bureau/?tout=1")
    expect(desk.get_by_role("link", name="Qualifier la demande d’appui")).to_have_count(3)
    address = f"{MISSION}/appui/{asked.pk}/"
    desk.goto(address)
    confirm(desk, "Qualifier")
    confirm(desk, "Accepter")
    expect(desk.get_by_text("La demande est acceptée.")).to_be_visible()
    method = MethodSheet.objects.get(name="Marche exploratoire")
    save(desk, f"appui/{asked.pk}/methodes/ajouter/", method=method.pk, why="Le trajet jusqu’au bourg.")
    save(desk, f"appui/{asked.pk}/modifier/", advice=NOTE, owner=officer.pk)
    for words in ("Confier", "Commencer", "Noter comme rendue"):
        confirm(desk, words)
    expect(desk.get_by_text("L’appui est rendu.")).to_be_visible()

    room.goto("/instructions/")
    expect(room.get_by_role("link", name="Dire ce que l’appui a produit")).to_have_count(2)  # and that of September
    room.goto(f"/instructions/appui/{asked.pk}/")
    room.get_by_role("link", name="Lire la note et ses méthodes").click()
    expect(room.get_by_text(NOTE)).to_be_visible()
    expect(room.get_by_role("heading", name="Marche exploratoire")).to_be_visible()
    room.goto(f"/instructions/appui/{asked.pk}/evaluer/")
    expect(room.get_by_role("heading", name="Qu’en dit le demandeur ?")).to_be_visible()
    fill_in(room, rating="5", evaluation="Trois réunions tenues.")
    send(room, "Évaluer")
    expect(room.get_by_text("Trois réunions tenues.")).to_be_visible()
    assert_usable(room)
    desk.goto(f"{MISSION}/appui/qui-a-mene-quoi/")
    for name in ("Ouvrir les résidences", "Discuter du schéma autonomie en quatre lieux"):
        expect(desk.get_by_role("row", name="Direction de l’Autonomie")).to_contain_text(name)


def test_a_local_authority_is_taught(year):
    desk, taught = year.desk("officer"), SupportRequest.objects.get(reference="AP-2026-08")
    session = {"title": "Animer une réunion", "held_on": "2026-11-24", "hours": "6", "place": "Saint-Gaudens"}
    counts = {"registered": "3", "attended": "2", "answers": "2", "satisfaction": "4.5"}
    save(desk, f"appui/{taught.pk}/formations/ajouter/", **session, **counts)
    desk.get_by_role("link", name="Attestations").click()
    fill_in(desk, names="Ana Ruiz\nLéo Petit\nMia Roux")
    send(desk, "Préparer les attestations")
    expect(desk.get_by_text("pas plus de noms").first).to_be_visible()
    fill_in(desk, names="Ana Ruiz\nLéo Petit")
    send(desk, "Préparer les attestations")
    expect(desk.get_by_role("heading", name="Attestation de présence")).to_have_count(2)
    expect(desk.get_by_text("Léo Petit")).to_be_visible()

    desk.goto(f"{MISSION}/appui/intercommunalites/?annee=2026")
    for name in ("CC Aux sources du Canal du Midi", "CA Le Muretain Agglo", "CC Val’Aïgo"):
        expect(desk.get_by_role("link", name=name)).to_be_visible()
    assert_usable(desk)
    desk.get_by_role("link", name="CC Cœur et Coteaux du Comminges").click()
    expect(desk.get_by_role("link", name="Animer un budget participatif")).to_be_visible()
    expect(desk.get_by_role("link", name="Renouveler le conseil des sages")).to_have_count(0)
