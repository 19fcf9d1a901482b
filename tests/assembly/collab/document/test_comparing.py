"""Two states of a text compared: re-applied it gives the new words, and it reads well aloud."""

from hypothesis import given, settings

from assembly.collab.document import comparing, grammar, projection
from tests.assembly.collab.document.test_html import READ, read
from tests.assembly.collab.document.texts import QUICK, deleted, doc, inserted, line, trees


def texts(lines):
    return [entry.text for entry in lines]


@settings(QUICK, max_examples=50)
@given(trees(), trees())
def test_a_comparison_holds_both_texts(old, new):
    changes = comparing.compare(old, new)
    for side, tree in (("removed", old), ("added", new)):
        kept = [
            "".join(words for kind, words in change.parts if kind in ("same", side))
            for change in changes
            if (change.old if side == "removed" else change.new)
        ]
        assert kept == texts(comparing.compared_lines(projection.settled(tree, accept=False)))
    read(comparing.to_html(changes), READ)
    assert comparing.is_same(comparing.compare(old, old))


def test_words_are_compared_inside_the_lines_that_are_alike():
    old = doc(line("La voiture rouge vif est là."), line("Rien ne change."), line("Ceci part."))
    new = doc(line("La voiture bleu clair est là."), line("Rien ne change."), grammar.bullets(["Un point tout neuf."]))
    changed, kept, removed, added = comparing.compare(old, new)
    assert changed.parts == (
        ("same", "La voiture "),
        ("removed", "rouge vif"),
        ("added", "bleu clair"),
        ("same", " est là."),
    )
    assert (kept.kind, removed.kind, added.kind) == ("kept", "removed", "added")


def test_a_line_that_only_moved_into_a_list_is_not_read_as_new():
    (change,) = comparing.compare(doc(line("Un point")), doc(grammar.bullets(["Un point"])))
    assert (change.kind, change.parts) == ("changed", (("same", "Un point"),))
    assert "mise en forme ou place changée" in comparing.to_html([change])


def test_suggestions_are_not_compared():
    assert comparing.is_same(comparing.compare(doc(line("un")), doc(line("un", inserted("é")))))
    assert comparing.is_same(comparing.compare(doc(line("un")), doc(line(deleted("un")))))


def test_a_change_is_said_in_words():
    known = "5b0c3f40-8a3b-4c3c-9d53-0c9dbf4a9d11"
    old = doc(grammar.recommendation("Des bus", {"problem": "Le soir"}, id=known), grammar.bullets(["un", "deux"]))
    new = doc(grammar.recommendation("Des bus", {"problem": "Le soir et la nuit"}, id=known), grammar.bullets(["un"]))
    markup = comparing.to_html(comparing.compare(old, new))
    assert markup == (
        "<h3>Des bus</h3><h4>Quel est le problème&nbsp;?</h4>"
        '<p class="change-changed">Le soir<ins><span class="vh">ajouté, début : </span> et la nuit'
        '<span class="vh"> fin de l’ajout</span></ins></p>'
        '<ul><li>un</li><li class="change-removed"><del><span class="vh">supprimé, début : </span>deux'
        '<span class="vh"> fin de la suppression</span></del></li></ul>'
    )
