"""A register from a file to a shared view: import, board by keyboard, many rows at once, a view that closes."""

from datetime import date

import pytest
from playwright.sync_api import expect

from assembly.saved_views.actions import send_weekly
from assembly.saved_views.models import SavedView
from members.models import ImportBatch
from members.tasks import import_members
from mission.partners.models import Partner
from tests.e2e.accessibility import assert_usable
from tests.factories.consultations import ReferralFactory
from tests.factories.mission import PartnerFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/bureau/mission/partenaires/"
FILE = (
    "Référence;Nom;Type;Thèmes;Échéance\n"
    ";Élan des cantons;association;eau;\n"
    ";Élan des Cantons;association;;\n"  # line 3: the name of line 2
    ";Jumeau;association;;\n"  # line 4: two of this name are kept already
    "PA-2026-90;Cerema Occitanie;;;\n"
    ";Mauvaise date;association;;31/02/2027\n"  # line 6
)


def fact(page, label):
    return page.locator(f"dt:has-text('{label}') + dd").first


def bring_in(page):
    """A file with doubles: its lines are named, its counters true before and after."""
    page.goto(f"{LIST}importer/")
    file = {"name": "partenaires.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Envoyer et vérifier").click()
    expect(fact(page, "Nouvelles fiches")).to_have_text("1")
    expect(fact(page, "Fiches complétées")).to_have_text("1")
    expect(fact(page, "Lignes laissées de côté")).to_have_text("3")
    told = page.locator("main").inner_text()
    assert "La ligne 2 dit déjà cette fiche" in told
    assert "Plusieurs fiches portent ce nom" in told
    page.locator("main").get_by_role("button", name="Importer 2 partenaires").click()
    expect(page.get_by_role("heading", name="Importer : Partenaires")).to_be_visible()
    batch = ImportBatch.objects.get()
    import_members(batch.pk)
    page.goto(f"{LIST}importer/{batch.public_id}/")
    expect(page.get_by_role("heading", name="Import terminé")).to_be_visible()
    assert sorted(Partner.objects.values_list("name", flat=True)) == [
        "Cerema Occitanie",
        "Jumeau",
        "Jumeau",
        "Élan des cantons",
    ]


def move_by_keyboard(page):
    page.goto(f"{LIST}?vue=tableau")
    assert_usable(page)
    page.get_by_role("link", name="Noter comme actif : Élan des cantons").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Noter comme actif", exact=True)
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le partenariat est actif.")).to_be_visible()
    page.goto(f"{LIST}?vue=tableau")
    expect(
        page.locator("[aria-labelledby=lane-active]").get_by_role("link", name="Élan des cantons", exact=True)
    ).to_be_visible()


def entrust(page, user):
    page.goto(LIST)
    for box in page.locator("tbody input[type=checkbox]").all():
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Confier", exact=True).click()
    page.locator("[name=owner]").select_option(str(user.pk))
    page.locator("main").get_by_role("button", name="Confier", exact=True).click()
    expect(page.get_by_text("C’est fait : 4 partenaires")).to_be_visible()


def arrange(page):
    """Filtered, sorted, three columns."""
    page.goto(f"{LIST}?type=association&tri=-nom")
    page.get_by_text("Colonnes", exact=True).click()
    for label in ("Territoire", "Dernier échange", "Échéance"):
        page.locator(".columns").get_by_label(label, exact=True).uncheck()
    page.get_by_role("button", name="Montrer ces colonnes").click()
    expect(page.locator("main table thead")).not_to_contain_text("Territoire")


def share(page, directorate):
    page.get_by_role("link", name="Enregistrer cette vue").click()
    page.get_by_label("Nom de la vue").fill("Associations suivies")
    page.get_by_role("button", name="Enregistrer").click()
    page.locator("[name=directorate]").select_option(str(directorate.pk))
    page.get_by_label("M’envoyer cette vue chaque lundi").check()
    assert_usable(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("link", name="Associations suivies")).to_have_attribute("aria-current", "true")


def file_of(page):
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter en CSV").click()
    return download.value.path().read_text(encoding="utf-8-sig").splitlines()


def test_from_a_file_to_a_view_that_closes_with_its_author(site, open_context, sign_in, people):
    officer, agent = people.ready(people["officer"]), people.ready(people["dir_contact"])
    PartnerFactory(name="Cerema", kind="state", reference="PA-2026-90")
    for _ in range(2):
        PartnerFactory(name="Jumeau", kind="association")
    ReferralFactory(term=people.term, title="Bien vieillir")
    desk = open_context().new_page()
    sign_in(desk.context, officer)
    bring_in(desk)
    move_by_keyboard(desk)
    entrust(desk, officer)
    arrange(desk)
    share(desk, people.directorate)
    lines = file_of(desk)
    assert lines[0] == "Nom;Type;Thèmes;État"
    notes = [line for line in lines if "# " in line]
    assert ["Partenaires" in notes[0], "Type" in notes[1], officer.get_full_name() in notes[-1]] == [True] * 3

    view = SavedView.objects.get()
    room = open_context(viewport=PHONE).new_page()
    sign_in(room.context, agent)
    room.goto(f"/vues/{view.token}/")
    expect(room.locator("tbody tr")).to_have_count(3)
    expect(room.locator("tbody tr").first).to_contain_text("Élan des cantons")
    assert "Cerema" not in room.locator("main").inner_text()
    assert_usable(room)

    desk.goto("/bureau/saisines/?q=vieillir")
    desk.get_by_role("link", name="Vues enregistrées").click()
    expect(desk.get_by_text("Chercher : vieillir")).to_be_visible()
    desk.get_by_label("Nom de la vue").fill("Vieillir")
    desk.get_by_role("button", name="Enregistrer").click()
    desk.get_by_role("link", name="Revenir").click()
    expect(desk.get_by_role("link", name="Bien vieillir")).to_be_visible()

    officer.roles.update(ended_at="2026-01-01T00:00:00Z")
    answer = room.goto(f"/vues/{view.token}/")
    assert answer.status == 404
    assert send_weekly(date(2026, 11, 30)) == 0
