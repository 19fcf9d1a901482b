"""The papers of an opinion in a browser: the twin of the sealed file, a Word file from a phone, the seal."""

import io

import docx
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from opinions.models import OpinionState
from tests.e2e.accessibility import assert_accessible, assert_usable
from tests.e2e.test_accessibility import keep_picture
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import OpinionSectionFactory
from tests.live import DESK, PHONE
from tests.opinions.papers.whole import whole_opinion

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def word_file(*lines):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_anybody_reads_the_twin_and_its_easy_words(size, open_context, site):
    opinion = whole_opinion(OpinionState.PUBLISHED, sheets=3)
    page = open_context(viewport=size).new_page()
    page.goto(site + reverse("opinions:public-text", args=[opinion.reference]))
    page.get_by_role("navigation", name="Sommaire").get_by_role("link", name="AC2-2026-03-P02").click()
    expect(page.get_by_role("heading", name="Prolonger la ligne 2 jusqu’à 21 h")).to_be_in_viewport()
    assert_usable(page)
    page.set_viewport_size(size)
    keep_picture(page, f"twin-{size['width']}")
    page.get_by_role("link", name="Imprimer ce résumé seul").click()
    expect(page.get_by_role("main")).to_contain_text("Il faut plus de bus le soir.")
    assert_usable(page)


def test_a_member_brings_a_word_file_from_a_phone(open_context, site, sign_in, people):
    section = OpinionSectionFactory(opinion__state=OpinionState.DRAFTING, opinion__term=people.term)
    CommitteeMembershipFactory(committee=section.committee, person=people["member"].person)
    context = open_context(viewport=PHONE)
    sign_in(context, people["member"])
    page = context.new_page()
    page.goto(site + reverse("opinions:import", args=[section.text.public_id]))
    assert_usable(page)
    page.set_viewport_size(PHONE)
    lines = ["Une phrase 😀 de plus.", "Éclairer les arrêts", "Quel est le problème ?", "Il fait noir."]
    content = word_file(*lines)
    page.get_by_label("Fichier Word").set_input_files(
        {"name": "notes.docx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Voir ce qui sera repris").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui sera repris")
    expect(page.get_by_role("main")).to_contain_text("1 préconisation")
    expect(page.get_by_role("main")).to_contain_text("Des signes que nos documents ne savent pas imprimer")
    assert_usable(page)
    page.set_viewport_size(PHONE)
    keep_picture(page, "import-shown")
    page.get_by_role("button", name="Reprendre ce texte").click()
    expect(page.get_by_text("Le fichier est repris à la fin du texte.")).to_be_visible()
    expect(page.get_by_text("Éclairer les arrêts").first).to_be_visible()


def test_the_desk_writes_the_chapters_and_asks_for_the_seal(open_context, site, sign_in, people):
    opinion = whole_opinion(OpinionState.ADOPTED, sheets=1, term=people.term)
    context = open_context(viewport=DESK)
    sign_in(context, people["officer"])
    page = context.new_page()
    page.goto(site + reverse("opinions:papers", args=[opinion.pk]))
    assert_usable(page)
    page.set_viewport_size(DESK)
    keep_picture(page, "papers")
    page.get_by_role("link", name="Écrire les chapitres").click()
    page.get_by_label("Remerciements").fill("Merci à toutes et à tous.")
    assert_accessible(page)
    page.get_by_role("button", name="Garder les chapitres").click()
    for capacity in ("présidence de séance", "rapporteur·e"):
        page.get_by_text("Noter un visa donné sur papier").click()
        page.get_by_label("Qui a signé").select_option(label=capacity)
        page.get_by_role("button", name="Noter le visa").click()
    page.get_by_role("link", name="Sceller l’avis").click()
    page.get_by_role("button", name="Sceller l’avis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Production d’un document")
