"""Support: a directorate asks from its room, the team advises a method, delivers, is evaluated; an EPCI is taught."""

import pytest
from playwright.sync_api import expect

from mission.support.models import MethodSheet, SupportRequest
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import MISSION, confirm, fill_in, save, send

pytestmark = pytest.mark.browser


def test_from_the_room_of_a_directorate_to_a_method(year):
    room, desk = year.room("dir_contact"), year.desk("officer")
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
    expect(desk.get_by_role("link", name="Répondre à la demande d’appui")).to_have_count(3)
    desk.goto(f"{MISSION}/appui/{asked.pk}/")
    confirm(desk, "Accepter")
    expect(desk.get_by_text("La demande est acceptée.")).to_be_visible()
    method = MethodSheet.objects.get(name="Marche exploratoire")
    save(desk, f"appui/{asked.pk}/methodes/ajouter/", method=method.pk, why="Le trajet jusqu’au bourg.")
    expect(desk.get_by_text("Le trajet jusqu’au bourg.")).to_be_visible()


def test_what_was_advised_is_read_and_evaluated(year):
    """Of the meetings of September, delivered in November."""
    room, desk = year.room("dir_contact"), year.desk("officer")
    delivered = SupportRequest.objects.get(reference="AP-2026-06")
    room.goto("/instructions/")
    expect(room.get_by_role("link", name="Dire ce que l’appui a produit")).to_have_count(1)
    room.goto(f"/instructions/appui/{delivered.pk}/note/")
    expect(room.get_by_text("Allez là où les gens vont déjà").first).to_be_visible()
    for name in ("Marche exploratoire", "Réunion publique"):
        expect(room.get_by_role("heading", name=name)).to_be_visible()
    room.goto(f"/instructions/appui/{delivered.pk}/evaluer/")
    expect(room.get_by_role("heading", name="Qu’en dit le demandeur ?")).to_be_visible()
    fill_in(room, rating="5", evaluation="Trois réunions tenues.")
    send(room, "Évaluer")
    expect(room.get_by_text("Trois réunions tenues.")).to_be_visible()
    assert_usable(room)
    desk.goto(f"{MISSION}/appui/qui-a-mene-quoi/")
    expect(desk.get_by_role("row", name="Direction de l’Autonomie")).to_contain_text(delivered.name)


def test_a_local_authority_is_taught(year):
    desk, taught = year.desk("officer"), SupportRequest.objects.get(reference="AP-2026-07")
    session = {"title": "Animer une réunion", "held_on": "2026-11-24", "hours": "6", "place": "Saint-Gaudens"}
    counts = {"registered": "3", "attended": "2", "answers": "2", "satisfaction": "4.5"}
    save(desk, f"appui/{taught.pk}/formations/ajouter/", **session, **counts)
    desk.get_by_role("link", name="Attestations").click()
    fill_in(desk, names="Ana Ruiz\nLéo Petit\nMia Roux")
    send(desk, "Préparer les attestations")
    expect(desk.get_by_text("plus de noms que de personnes présentes").first).to_be_visible()
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
