"""What is judged once in a run, and what is judged again: a wrong page is never taken for a right one."""

import uuid

import pytest

from tests.e2e import verdicts
from tests.e2e.accessibility import assert_accessible, assert_keyboard_navigation
from tests.e2e.verdicts import Verdict, judged_once

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRAME = """<!doctype html><html lang="fr"><head><title>Essai</title>
<style>:focus { outline: 2px solid } a { display: inline-block; padding: 20px }</style></head><body>
<header><a href="/">Accueil</a></header><main tabindex="-1"><h1>Essai</h1>%s</main>
<footer><a href="/aide/">Aide</a></footer></body></html>"""
ROWS = """<p id="row-1">Marie, le 3 mai, <a href="/membre/1/?jeton=%s">lire</a></p>
<p aria-describedby="row-1">12 sièges</p>"""


FORM = """<nav aria-label="Chemin"><a href="/">Accueil</a></nav><h2>Groupe</h2>
<form><div class="field"><label for="name">Nom</label><input id="name" class="control" aria-describedby="hint">
<p id="hint">Tel qu’il est dit.</p></div><p class="actions"><button class="btn">Enregistrer</button></p></form>
<div class="table-wrap"><table class="table"><caption>Membres</caption><thead><tr><th scope="col">Nom</th></tr></thead>
<tbody><tr><td><a href="/1/">Marie</a></td></tr></tbody></table></div>"""


@pytest.fixture(autouse=True)
def by_kind(monkeypatch):
    """Compare whole pages unless a test of kinds calls `by_kind(True)`."""
    monkeypatch.setattr(verdicts, "BY_KIND", False)
    return lambda so: monkeypatch.setattr(verdicts, "BY_KIND", so)


def put(page, content):
    page.goto("about:blank")
    page.set_content(FRAME % content)


@pytest.fixture
def looked():
    """Return the list that records the pages that are checked."""
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


def test_other_words_other_fields_and_more_rows_are_of_known_kinds(look, by_kind):
    by_kind(True)
    assert look(FORM)
    other = FORM.replace("Nom", "Prénom et nom").replace('"name"', '"other"').replace('"hint"', '"more"')
    row = '<tr><td><a href="/2/">Paul</a></td></tr>'
    assert not look(other.replace("Groupe", "Une autre question").replace("</tbody>", f"{row}</tbody>"))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('class="btn"', 'class="btn btn-danger"'),
        ('class="table-wrap"', 'class="wrap"'),
        ('<label for="name">Nom</label>', ""),
        ('<label for="name">', '<label for="nom">'),
        ('aria-describedby="hint"', 'aria-describedby="missing"'),
        ("<h2>Groupe</h2>", "<h3>Groupe</h3>"),
        ("<caption>Membres</caption>", ""),
        (' scope="col"', ""),
        (">Marie</a>", "></a>"),
        (">Marie</a>", ">x</a>"),
        (">Enregistrer<", "><"),
        ("Tel qu", "Anticonstitutionnellement-dit" + "ainsi" * 5),
        ("</nav>", '</nav><nav aria-label="Chemin"><a href="/">Accueil</a></nav>'),
        ('<input id="name"', '<input id="name" tabindex="3"'),
        ('<input id="name"', '<input id="name" type="radio"'),
        ("<p id", '<p id="name"></p><p id'),
        ("<td>", '<td hidden=""><span>'),
    ],
)
def test_a_new_kind_is_judged(look, by_kind, was, becomes):
    by_kind(True)
    assert look(FORM)
    assert look(FORM.replace(was, becomes, 1))


def test_what_is_only_read_is_of_the_same_kinds_as_what_is_shown(page):
    put(page, FORM)
    shown = verdicts.KnownKinds("shown", page)
    assert verdicts.KnownKinds("read", page, FRAME % FORM).kinds == shown.kinds
    assert len(shown.kinds) > 20


def test_a_fault_among_known_kinds_is_found_at_each_look(page, by_kind):
    by_kind(True)
    put(page, FORM)
    assert_accessible(page)
    for fault, said in (
        ("<img src='data:,'>", "image-alt"),
        ('<input id="other">', "label"),
        ("<h5>Ici</h5>", "heading"),
    ):
        put(page, FORM + fault)
        for _ in range(2):
            with pytest.raises(AssertionError, match=said):
                assert_accessible(page)
