"""What is judged once in a run, and what is judged again: a wrong page is never taken for a right one."""

import uuid

import pytest

from tests.e2e.accessibility import assert_accessible, assert_keyboard_navigation
from tests.e2e.verdicts import Verdict, judged_once

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRAME = """<!doctype html><html lang="fr"><head><title>Essai</title>
<style>:focus { outline: 2px solid }</style></head><body>
<header><a href="/">Accueil</a></header><main tabindex="-1"><h1>Essai</h1>%s</main>
<footer><a href="/aide/">Aide</a></footer></body></html>"""
ROWS = """<p id="row-1">Marie, le 3 mai, <a href="/membre/1/?jeton=%s">lire</a></p>
<p aria-describedby="row-1">12 sièges</p>"""


def put(page, content):
    page.goto("about:blank")
    page.set_content(FRAME % content)


@pytest.fixture
def looked():
    """The pages that were really looked at."""
    return []


@pytest.fixture
def look(page, looked):
    """Show a page and judge it by a test that every page passes; tell whether it was looked at."""
    name = uuid.uuid4().hex  # no other test of this run has judged it

    def test(page):
        looked.append(page)

    test.__name__ = name

    def show(content, act=lambda page: None):
        put(page, content)
        act(page)
        before = len(looked)
        judged_once(test)(page)
        return len(looked) > before

    return show


def test_a_page_that_differs_by_its_keys_numbers_and_dates_is_not_judged_again(look):
    assert look(ROWS % "a1b2c3d4e5f60718")
    assert not look(ROWS % "ffffffffffff0000")
    other = (ROWS % "0123456789abcdef").replace("row-1", "row-7").replace("membre/1", "membre/7")
    assert not look(other.replace("le 3 mai", "le 4 mai").replace("12 sièges", "34 sièges"))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("Marie", "Maria"),
        ("12 sièges", "120 sièges"),
        ('aria-describedby="row-1"', 'aria-describedby="row-2"'),
        ("<a href", '<a class="tag" href'),
        ("le 3 mai", "le 12 mai"),
        ("<p id", "<div id"),
    ],
)
def test_a_page_that_differs_otherwise_is_judged(look, was, becomes):
    assert look(ROWS % "a1b2c3d4e5f60718")
    assert look((ROWS % "a1b2c3d4e5f60718").replace(was, becomes))


@pytest.mark.parametrize(
    "act",
    [
        lambda page: page.locator("[type=checkbox]").check(),
        lambda page: page.locator("[name=words]").fill("Des mots"),
        lambda page: page.locator("[name=words]").focus(),
        lambda page: page.set_viewport_size({"width": 320, "height": 640}),
        lambda page: page.emulate_media(color_scheme="dark"),
        lambda page: page.evaluate("document.querySelector('dialog').showModal()"),
    ],
)
def test_a_state_that_the_html_does_not_tell_is_judged(look, act):
    form = '<input type="checkbox"><input name="words"><dialog><button autofocus>Fermer</button></dialog>'
    assert look(form)
    assert not look(form)
    assert look(form, act)


def test_a_fault_is_found_at_each_look(page):
    put(page, f"<img src='data:,'><p>{uuid.uuid4()}</p>")
    for _ in range(2):
        with pytest.raises(AssertionError, match="image-alt"):
            assert_accessible(page)


def test_a_walk_through_known_surroundings_still_meets_every_control_and_leaves_the_main_part(page):
    for content in ("<button>Un</button>", "<button>Un</button> <button>Deux</button>"):
        put(page, content)
        assert_keyboard_navigation(page)
    assert Verdict(page, "walk", without_main=True).is_known()
    put(page, "<button>Un</button> <button style='outline: none'>Deux</button>")
    with pytest.raises(AssertionError, match="no visible focus"):
        assert_keyboard_navigation(page)
    put(page, "<button>Un</button> <button id='held'>Deux</button>")
    page.evaluate("held.addEventListener('keydown', (event) => event.preventDefault())")
    with pytest.raises(AssertionError, match="the keyboard is trapped"):
        assert_keyboard_navigation(page)
