"""The editor on a phone: the text in the first third, tools and comments at the foot, the caret never covered."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.collab.models import TextRight
from tests.e2e.accessibility import AXE, assert_accessible, assert_reflows
from tests.e2e.coediting import TEXT, caret_after, choose, saved
from tests.e2e.test_coediting import KEYBOARD, shot
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import OpinionSectionFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GUIDANCE = (
    "Comment aller chez le médecin sans voiture ? Dites ce qui manque, puis ce que vous demandez au Département."
)
TOP = "(selector) => Math.round(document.querySelector(selector).getBoundingClientRect().top + scrollY)"
# Pixels from the line of the cursor to the tools below it.
ABOVE_TOOLS = """() => {
  const { view } = document.querySelector('#coedit-text').editor
  const tools = document.querySelector('[data-assembly-tools]').getBoundingClientRect()
  return tools.top - view.coordsAtPos(view.state.selection.head).bottom
}"""
# Whether the passage in question stands in sight above the sheet, and its words.
PASSAGE = """() => {
  const [range] = CSS.highlights.get('passage')
  const { top, bottom } = range.getBoundingClientRect()
  const sheet = document.querySelector('[data-assembly-sheet]').getBoundingClientRect()
  return [range.toString(), top >= 0 && bottom <= sheet.top && sheet.bottom <= innerHeight + 1]
}"""
CURSOR = "() => document.querySelector('#coedit-text').editor.state.selection.head"


@pytest.fixture
def section(people):
    row = OpinionSectionFactory(opinion__term=people.term, guidance=GUIDANCE, title="Aller chez le médecin")
    CommitteeMembershipFactory(committee=row.committee, person=people["member"].person, starts_on=date(2020, 1, 1))
    return row


def test_the_text_begins_in_the_first_third_and_the_question_is_one_line(section, open_context, sign_in):
    context = open_context(viewport=PHONE)
    sign_in(context, "member")
    page = context.new_page()
    page.goto(reverse("opinions:my-section-text", args=[section.opinion_id, section.pk]))
    expect(page.locator(TEXT)).to_be_visible()
    shot(page, "phone-section")
    assert page.evaluate(TOP, TEXT) <= 281
    question = page.locator(".coedit-question")
    assert question.bounding_box()["height"] <= 46
    question.locator("summary").click()
    expect(page.get_by_text("Dites ce qui manque")).to_be_visible()
    page.evaluate(AXE.axe_script)
    assert_accessible(page)
    assert_reflows(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    expect(page.get_by_text("Dites ce qui manque")).to_be_visible()


@pytest.mark.parametrize("height", [844, 480])
def test_the_cursor_is_never_under_the_tools(desk, height):
    desk.write(*(f"Ligne {n} du texte que le groupe écrit ensemble, un samedi matin." for n in range(40)))
    page = desk.open(desk.person(), viewport={"width": 390, "height": height})
    page.evaluate(KEYBOARD, 300 if height == PHONE["height"] else 0)
    for words in ("Ligne 12 du texte", "Ligne 39 du texte que le groupe écrit ensemble, un samedi matin."):
        caret_after(page, words)
        page.keyboard.type(" Encore")
        assert page.evaluate(ABOVE_TOOLS) > 0
    page.get_by_role("button", name="Liste", exact=True).click()
    page.keyboard.type(" des mots")
    assert page.evaluate(ABOVE_TOOLS) > 0
    expect(page.get_by_role("button", name="Décaler")).to_be_hidden()
    page.get_by_role("button", name="Plus").click()
    expect(page.get_by_role("button", name="Décaler")).to_be_visible()
    page.keyboard.type(" de plus")
    assert page.evaluate(ABOVE_TOOLS) > 0
    saved(page)


def test_comments_are_a_sheet_that_gives_the_cursor_back(desk):
    desk.write(*(f"Ligne {n} du texte que le groupe écrit ensemble." for n in range(40)))
    page = desk.open(desk.person(), viewport=PHONE)
    sheet = page.locator("[data-assembly-sheet]")
    expect(sheet).to_be_hidden()
    for words, comment in (("Ligne 3 du texte", "Qui paie ?"), ("Ligne 30 du texte", "Et le retour ?")):
        choose(page, words)
        page.get_by_role("button", name="Commenter", exact=True).click()
        expect(sheet).to_be_visible()
        assert page.evaluate(PASSAGE) == [words, True]
        form = page.locator("[data-assembly-comment]")
        form.get_by_role("textbox").fill(comment)
        form.get_by_role("button", name="Envoyer le commentaire").click()
        expect(sheet).to_be_hidden()
        expect(page.locator(TEXT)).to_be_focused()
        saved(page)
    caret_after(page, "Ligne 7 du texte")
    before = page.evaluate(CURSOR)
    page.get_by_role("button", name="Commentaires", exact=True).click()
    expect(sheet).to_contain_text("Et le retour ?")
    shot(page, "phone-sheet")
    page.evaluate(AXE.axe_script)
    assert_accessible(page)
    for words in ("Ligne 3 du texte", "Ligne 30 du texte", "Ligne 3 du texte"):
        page.get_by_role("button", name="Suivant", exact=True).click()
        assert page.evaluate(PASSAGE) == [words, True]
        expect(page.locator(TEXT)).not_to_be_focused()  # no keyboard comes up
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.locator(TEXT)).to_be_focused()
    assert page.evaluate(CURSOR) == before


def test_a_comment_in_the_making_is_not_lost_by_a_tap_beside_it(desk):
    desk.write("Le premier paragraphe.", "Le second.")
    page = desk.open(desk.person(TextRight.COMMENT), viewport=PHONE)
    choose(page, "premier")
    page.get_by_role("button", name="Commenter", exact=True).click()
    page.get_by_label("Votre commentaire").first.fill("À moitié écrit")
    page.mouse.click(200, 120)
    expect(page.locator("[data-assembly-sheet]")).to_be_hidden()
    page.get_by_role("button", name="Commentaires", exact=True).click()
    expect(page.get_by_label("Votre commentaire").first).to_have_value("À moitié écrit")


def test_without_script_the_list_stands_in_its_sheet(desk):
    desk.write("Le texte.")
    page = desk.browser(desk.person(), viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(desk.address)
    page.get_by_role("button", name="Commentaires", exact=True).click()
    expect(page.locator("[data-assembly-sheet]")).to_be_visible()
