"""The living page in a browser: what holds here holds wherever the components are used."""

import pytest

from tests.e2e.accessibility import assert_accessible, assert_keyboard_navigation, assert_reflows, assert_usable
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The reader's own spacing (WCAG 1.4.12), added as a constructed sheet because the CSP refuses the others.
WIDE_TEXT = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}
    p {margin-bottom: 2em !important}`)
  document.adoptedStyleSheets = [sheet]
}"""


def test_components_are_usable_by_everybody(page):
    page.goto("/composants/")
    assert_usable(page)


def test_components_on_a_phone(open_context):
    page = open_context(viewport=PHONE, has_touch=True).new_page()
    page.goto("/composants/")
    assert_accessible(page)
    assert_keyboard_navigation(page)
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_role("button", name="Fermer").is_visible()
    page.get_by_role("button", name="Fermer").click()
    assert not page.get_by_role("button", name="Fermer").is_visible()


def test_the_list_of_errors_takes_the_focus_and_leads_to_the_fields(page):
    page.goto("/composants/")
    page.locator("[data-assembly-errors]:focus").wait_for()
    page.get_by_role("link", name="Choisissez une réponse.").click()
    assert page.evaluate("document.activeElement.id") == "id_b-place_0"


def test_wide_letters_and_lines_cut_nothing(page):
    page.goto("/composants/")
    page.evaluate(WIDE_TEXT)
    assert_reflows(page)


def test_reduced_motion_moves_nothing(open_context):
    page = open_context(reduced_motion="reduce").new_page()
    page.goto("/composants/")
    page.get_by_role("button", name="Convoquer", exact=True).first.hover()
    assert page.evaluate("document.getAnimations().length") == 0


def test_forced_colours_keep_the_shapes(open_context):
    page = open_context(forced_colors="active").new_page()
    page.goto("/composants/")
    assert_accessible(page)


def test_a_page_that_does_not_exist_is_usable(page):
    page.goto("/nulle-part/")
    assert_usable(page)
