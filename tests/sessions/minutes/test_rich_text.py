"""Plain boxes and rich text say the same, and a passage is replaced only where it cannot be mistaken."""

import pytest

from assembly.text.rewriting import Rewriting
from sessions.minutes import rules as minutes


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("Un\n\nDeux", "<p>Un</p><p>Deux</p>"),
        ("Un\r\nsuite", "<p>Un<br>suite</p>"),
        ("Avant :\n- un\n- deux\nAprès", "<p>Avant :</p><ul><li>un</li><li>deux</li></ul><p>Après</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("• un", "<ul><li>un</li></ul>"),
    ],
)
def test_from_plain(text, html):
    assert minutes.from_plain(text) == html


@pytest.mark.parametrize("text", ["Un\n\nDeux", "Avant :\n\n- un\n- deux\n\nAprès", "a < b & c", "ligne\nligne"])
def test_plain_text_comes_back_the_same(text):
    assert minutes.to_plain(minutes.from_plain(text)) == text


@pytest.mark.parametrize(
    "html",
    [
        "<p>Un <strong>mot</strong></p>",
        "<h3>Titre</h3>",
        "<table><tbody><tr><td>1</td></tr></tbody></table>",
        "<ul><li>un<ul><li>deux</li></ul></li></ul>",
        "<ol><li>un</li></ol>",
        "<p>- pas une liste</p>",
        "mots nus",
    ],
)
def test_what_plain_text_cannot_say_is_not_flattened(html):
    assert minutes.to_plain(html) is None


@pytest.mark.parametrize(
    ("html", "passage", "proposal", "expected"),
    [
        ("<p>voté en décembre 2026.</p>", "décembre", "novembre", "<p>voté en novembre 2026.</p>"),
        ("<p>voté en\u00a0décembre 2026</p>", "en décembre  2026", "en 2027", "<p>voté en 2027</p>"),
        ("<p>oui et oui</p>", "oui", "non", None),
        ("<p>rien</p>", "décembre", "novembre", None),
        ("<p>Un <b>mot</b> fort</p>", "Un mot", "x", None),
        ("<p>A &amp; B</p>", "A & B", "C <d>", "<p>C &lt;d&gt;</p>"),
        ('<p><a href="https://p.fr">ici</a></p>', "p", "q", None),
        ("<p>x</p>", "  ", "y", None),
    ],
)
def test_passage_is_replaced_only_when_found_once(html, passage, proposal, expected):
    assert minutes.replaced_once(html, passage, proposal) == expected


@pytest.mark.parametrize(
    ("html", "was", "now", "expected"),
    [
        ("<p>voté en novembre 2026.</p>", "voté en novembre 2026.", "voté en mai 2026.", ("novembre", "mai")),
        ("<p>Oui, oui.</p><p>Non, oui.</p>", "Non, oui.", "Non, jamais.", ("Non, oui.", "Non, jamais.")),
        ("<p>un petit bus</p>", "un petit bus", "un bus", ("un petit bus", "un bus")),
        ("<p>un bus</p>", "un bus", "un petit bus", ("un bus", "un petit bus")),
        ("<p>A &amp; B\u00a0: C</p>", "A & B : C", "A & B : D", ("C", "D")),
        ("<p>Un <b>mot</b> fort</p>", "Un mot fort", "Un seul mot fort", ("Un mot fort", "Un seul mot fort")),
        ("<p>Il part.</p><p>Il vient.</p>", "Il part.", "", ("Il part.", "")),
        ("<ul><li>x</li><li>y</li></ul>", "y", "y\nz", ("y", "y\nz")),
        ("<p>rien</p>", "autre", "chose", None),
        ("", "", "chose", None),
    ],
)
def test_a_rewritten_passage_says_which_words_to_replace(html, was, now, expected):
    found = minutes.derived_correction(html, Rewriting(was, now))
    assert found == expected
    if found and "<b>" not in html and "\n" not in now:
        after = minutes.html_to_text(minutes.replaced_once(html, *found)).replace("\u00a0", " ")
        assert after == minutes.html_to_text(html).replace("\u00a0", " ").replace(was, now).strip()


def test_an_emptied_paragraph_goes_with_the_list_that_it_was_alone_in():
    assert minutes.replaced_once("<p>a</p><ul><li>b</li></ul>", "b", "") == "<p>a</p>"
    assert minutes.replaced_once("<p>a</p><p>b c</p>", "b", " ") == "<p>a</p><p> c</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [("<p></p><p>a</p><p> </p><p><br></p>", "<p>a</p>"), ("<p></p>", ""), ("<p>a</p><p></p><p>b</p>",) * 2],
)
def test_trimmed(html, expected):
    assert minutes.trimmed(html) == expected


def test_words_of():
    assert minutes.html_to_text("<p>Un&nbsp;mot</p><ul><li>deux</li></ul>") == "Un mot deux"
