"""A register: a file with doubles is previewed and brought in, a card moves by keyboard, many rows change hands."""

import pytest
from playwright.sync_api import expect

from assembly.imports.models import ImportBatch
from assembly.imports.tasks import work_on_import
from mission.partners.models import Partner
from tests.e2e.accessibility import assert_usable
from tests.e2e.mission_year.desk import MISSION, send
from tests.factories.mission import PartnerFactory

pytestmark = pytest.mark.browser
LIST = f"{MISSION}/partenaires/"
NEW, RENAMED, TWINS = "Élan des cantons", "Agora et associés, Toulouse", "Mission locale rurale"
FILE = (
    "Référence;Nom;Type;Thèmes;Échéance\n"
    f";{NEW};association;eau;\n"
    ";Élan des Cantons;association;;\n"  # line 3: the name of line 2
    f";{TWINS};association;;\n"  # line 4: two of this name are kept already
    f"PA-2026-06;{RENAMED};;;\n"
    ";Mauvaise date;association;;31/02/2027\n"  # line 6
)


def fact(page, label):
    return page.locator(f"dt:has-text('{label}') + dd").first


def bring_in(page):
    """Lines of the file are named, its counters true before and after."""
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
    send(page, "Importer 2 partenaires")
    expect(page.get_by_role("heading", name="Importer : Partenaires")).to_be_visible()
    batch = ImportBatch.objects.latest("pk")
    work_on_import(batch.pk)
    page.goto(f"{LIST}importer/{batch.public_id}/")
    expect(page.get_by_role("heading", name="Import terminé")).to_be_visible()


def correct(page):
    """A file with its own headers: its columns are chosen, its wrong cells typed again; nothing is written."""
    page.goto(f"{LIST}importer/")
    text = "Annuaire;;;\nStructure;Genre;Mail;E-mail\nUn;association;;a@exemple.fr\nDeux;club;b@exemple.fr;\n"
    file = {"name": "annuaire.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Envoyer et vérifier").click()
    expect(page.get_by_role("heading", name="Que contient chaque colonne ?")).to_be_visible()
    assert_usable(page)
    page.get_by_label("Contenu de « Genre »").select_option("Type")
    page.get_by_label("Contenu de « Mail »").select_option("Ne pas lire")
    page.get_by_role("button", name="Vérifier les lignes").click()
    expect(fact(page, "Lignes laissées de côté")).to_have_text("1")
    assert_usable(page)
    page.get_by_label("Ligne 4, Type").select_option("association")
    page.get_by_role("button", name="Vérifier les corrections").click()
    expect(fact(page, "Nouvelles fiches")).to_have_text("2")


def move_by_keyboard(page):
    page.goto(f"{LIST}?vue=tableau")
    for lane, count in (("to_contact", 8), ("active", 8), ("ended", 1)):
        expect(page.locator(f"[aria-labelledby=lane-{lane}] li")).to_have_count(count)
    assert_usable(page)
    page.get_by_role("link", name=f"Noter comme actif : {NEW}").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Noter comme actif", exact=True)
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le partenariat est actif.")).to_be_visible()
    page.goto(f"{LIST}?vue=tableau")
    lane = page.locator("[aria-labelledby=lane-active]")
    for name in (NEW, "Réseau des assemblées départementales"):
        expect(lane.get_by_role("link", name=name, exact=True)).to_be_visible()


def entrust(page, user):
    """Those to whom nobody wrote yet, at once."""
    page.goto(f"{LIST}?q=Mission+locale")
    boxes = page.locator("tbody input[type=checkbox]")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Confier (2)", exact=True).click()
    page.locator("[name=owner]").select_option(str(user.pk))
    send(page, "Confier")
    expect(page.get_by_text("C’est fait : 2 partenaires")).to_be_visible()


def test_from_a_file_to_a_board_and_to_other_hands(year):
    desk, lead = year.desk("officer"), year.user("lead")
    PartnerFactory(assembly=year.term.assembly, name=TWINS, reference="PA-2026-90")
    correct(desk)
    bring_in(desk)
    assert Partner.objects.get(reference="PA-2026-06").name == RENAMED
    assert Partner.objects.filter(name__in=(NEW, TWINS, "Élan des Cantons", "Mauvaise date")).count() == 3
    move_by_keyboard(desk)
    assert Partner.objects.get(name=NEW).state == "active"
    entrust(desk, lead)
    assert {row.owner for row in Partner.objects.filter(name=TWINS)} == {lead}
