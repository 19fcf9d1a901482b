"""An agenda and a plan written line by line: by keyboard alone, by two officers at once, and without script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.audit.models import Entry
from opinions.models import OpinionSection
from sessions.models import AgendaItem
from tests.e2e.accessibility import assert_usable
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTED = "1. Travail en petits groupes (1 h 30)\n2. Vote sur les priorités – 30 min\n3. Pause : 20 min"


@pytest.fixture
def sitting(site, people):
    made = SittingFactory(term=people.term, officer=people["officer"])
    AgendaItemFactory(sitting=made, title="Accueil", kind="opening", minutes=15, position=1)
    AgendaItemFactory(sitting=made, title="Questions diverses", kind="other", minutes=15, position=2)
    return made


def address(sitting):
    return reverse("sittings:sitting", args=[sitting.pk])


def written(sitting):
    """Return titles and minutes from the database, with indented sub-points."""
    rows = AgendaItem.objects.filter(sitting=sitting, removed_at=None).order_by("position")
    return [("  " if row.parent_id else "") + f"{row.title} {row.minutes}" for row in rows]


def paste(page, text):
    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer()
          clipboardData.setData('text/plain', text)
          const event = new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true})
          document.activeElement.dispatchEvent(event)
        }""",
        text,
    )


def told(page, words):
    expect(page.locator("[data-assembly-outline-status]")).to_contain_text(words)


def focus(page, place, name="title"):
    expect(page.locator(f".outline > li:nth-child({place}) [name={name}]")).to_be_focused()


def test_an_agenda_of_eight_points_by_keyboard_alone(page, sign_in, sitting, people):
    sign_in(page.context, people["officer"])
    page.goto(address(sitting))
    assert_usable(page)
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    press = page.keyboard.press
    page.get_by_label("1. Titre du point").focus()
    press("End")
    press("Enter")
    page.keyboard.type("Le schéma Autonomie")
    press("Enter")
    press("Tab")
    page.keyboard.type("Présentation")
    press("ArrowRight")
    page.keyboard.type("20")
    press("Enter")
    page.keyboard.type("Questions")
    press("ArrowRight")
    page.keyboard.type("1 h")
    press("Enter")
    press("Enter")  # an empty sub-point becomes a point
    paste(page, PASTED)
    told(page, "La liste est ajoutée")
    focus(page, 7)
    whole = [
        "Accueil 15",
        "Le schéma Autonomie 15",
        "  Présentation 20",
        "  Questions 60",
        "Travail en petits groupes 90",
        "Vote sur les priorités 30",
        "Pause 20",
        "Questions diverses 15",
    ]
    assert written(sitting) == whole
    expect(page.locator(".outline .hour")).to_have_text(
        ["9 h 30", "9 h 45", "9 h 45", "10 h 05", "11 h 05", "12 h 35", "13 h 05", "14 h"], use_inner_text=True
    )
    press("Alt+ArrowUp")
    told(page, "Point déplacé.")
    focus(page, 6)
    press("Control+z")
    told(page, "C’est annulé.")
    assert written(sitting) == whole
    page.get_by_role("button", name="Annuler").click()  # the list that was pasted
    expect(page.locator(".outline > li")).to_have_count(5)
    assert written(sitting) == [*whole[:4], whole[-1]]
    assert loads == []
    assert AgendaItem.objects.get(title="Vote sur les priorités").kind == "vote"
    assert Entry.objects.filter(event_type="agenda.item_added").count() == 6


def test_a_line_is_removed_duplicated_put_back_and_dragged(page, sign_in, sitting, people):
    sign_in(page.context, people["officer"])
    page.goto(address(sitting))
    first = page.get_by_label("1. Titre du point")
    first.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    told(page, "Point retiré.")
    assert written(sitting) == ["Questions diverses 15"]
    page.get_by_role("button", name="Annuler").click()
    told(page, "C’est annulé.")
    assert written(sitting) == ["Accueil 15", "Questions diverses 15"]
    page.locator(".outline > li:nth-child(1) summary").click()
    page.get_by_role("button", name="Dupliquer").click()
    told(page, "Point dupliqué.")
    page.keyboard.type("Tour de table")
    page.keyboard.press("Escape")
    told(page, "Tabulation quitte")
    page.keyboard.press("Tab")
    focus(page, 2, "minutes")
    expect(page.locator("#save-state")).to_contain_text("Enregistré")
    assert written(sitting) == ["Accueil 15", "Tour de table 15", "Questions diverses 15"]
    handle = page.locator(".outline > li:nth-child(2) .outline-handle").bounding_box()
    above = page.locator(".outline > li:nth-child(1)").bounding_box()
    page.mouse.move(handle["x"] + 5, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(above["x"] + 5, above["y"] + 5, steps=3)
    page.mouse.up()
    told(page, "Point déplacé.")
    assert written(sitting)[0] == "Tour de table 15"


def test_two_officers_lose_nothing(open_context, sign_in, sitting, people):
    pages = []
    for who in ("officer", "lead"):
        context = open_context()
        sign_in(context, people[who])
        pages.append(context.new_page())
        pages[-1].goto(address(sitting))
    one, two = pages
    one.get_by_label("1. Titre du point").fill("Accueil café")
    expect(one.locator("#save-state")).to_contain_text("Enregistré")
    two.get_by_label("1. Titre du point").fill("Ouverture")
    panel = two.locator("[data-assembly-conflict]")
    expect(panel).to_contain_text("Accueil café")
    expect(panel).to_contain_text("Ouverture")
    assert written(sitting)[0] == "Accueil café 15"
    panel.get_by_role("button", name="Garder mon texte").click()
    expect(panel).to_have_count(0)
    expect(two.locator("#save-state")).to_contain_text("Enregistré")
    assert written(sitting)[0] == "Ouverture 15"
    one.locator(".outline > li:nth-child(2) summary").click()
    one.get_by_role("button", name="Retirer").click()
    told(one, "Point retiré.")
    expect(one.get_by_label("1. Titre du point")).to_have_value("Ouverture")
    two.get_by_label("2. Titre du point").fill("Divers")
    expect(panel).to_contain_text("retiré de l’ordre du jour")
    panel.get_by_role("button", name="Garder mon texte").click()
    expect(two.locator("#save-state")).to_contain_text("Enregistré")
    assert written(sitting) == ["Ouverture 15", "Divers 15"]


def test_the_outline_without_script(open_context, sign_in, sitting, people):
    context = open_context(java_script_enabled=False)
    sign_in(context, people["officer"])
    page = context.new_page()
    page.goto(address(sitting))
    page.get_by_label("1. Titre du point").fill("Ouverture")
    page.get_by_label("Durée, Accueil").fill("1 h")
    page.get_by_role("button", name="Enregistrer Accueil").click()
    expect(page.locator("main")).to_contain_text("Point enregistré.")
    page.locator(".outline > li:nth-child(2) summary").click()
    page.get_by_role("button", name="Monter").click()
    assert written(sitting) == ["Questions diverses 15", "Ouverture 60"]
    page.locator("#id_title").fill("Débat")
    page.get_by_role("button", name="Ajouter ce point").click()
    assert written(sitting)[-1] == "Débat 15"


def test_a_plan_is_written_the_same_way(page, sign_in, site, people):
    opinion = OpinionFactory(term=people.term)
    group = OpinionSectionFactory(opinion=opinion, bare=True, position=1, title="Habiter").committee
    sign_in(page.context, people["officer"])
    page.goto(reverse("opinions:outline", args=[opinion.pk]))
    assert_usable(page)
    page.get_by_label("1. Titre de la partie").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Se déplacer")
    page.keyboard.press("Enter")
    paste(page, "• Aider\n• Financer")
    told(page, "La liste est ajoutée au plan.")
    page.get_by_label("Confiée à, Aider").select_option(label=group.name)
    expect(page.locator("#save-state")).to_contain_text("Enregistré à")
    page.get_by_label("4. Titre de la partie").focus()
    page.keyboard.press("Alt+ArrowUp")
    told(page, "Partie déplacée.")
    page.locator(".outline > li:nth-child(1) summary").click()
    page.get_by_role("button", name="Retirer", exact=True).click()
    told(page, "La partie est retirée du plan.")
    rows = OpinionSection.objects.filter(opinion=opinion, removed_at=None).order_by("position")
    assert list(rows.values_list("title", "committee")) == [
        ("Se déplacer", None),
        ("Financer", None),
        ("Aider", group.pk),
    ]
    page.get_by_role("button", name="Annuler").click()
    told(page, "C’est annulé.")
    assert rows.first().title == "Habiter"
