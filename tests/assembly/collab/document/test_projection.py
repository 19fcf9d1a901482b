"""What somebody may do to a text by their right: `allows`, case by case and on any text."""

import pytest
from hypothesis import assume, given, settings

from assembly.collab.document import grammar, projection
from assembly.collab.document.grammar import ZERO_WIDTH as ZW, node, text_run
from tests.assembly.collab.document.texts import QUICK, deleted, doc, inserted, line, mark, trees

READ, COMMENT, SUGGEST, WRITE = 1, projection.COMMENT, projection.SUGGEST, projection.WRITE
BASE = doc(grammar.heading("Titre"), line("Le bus passe tard."), line("Fin"))


def commented(words, *ids):
    return text_run(words, [mark("comment", identity) for identity in ids])


def middle(*leaves, marks=None):
    return doc(grammar.heading("Titre"), line(*leaves, marks=marks), line("Fin"))


MINE = [
    middle("Le bus ", inserted("de nuit "), "passe tard."),
    middle("Le bus ", deleted("passe tard"), inserted("roule"), "."),
    middle("Le ", commented("bus", "12-k"), " passe tard."),
    doc(grammar.heading("Titre"), line("Le bus", inserted(ZW)), line(inserted(ZW), " passe tard."), line("Fin")),
    doc(grammar.heading("Titre"), line("Le bus passe tard.", marks=[mark("deletion", "12-a")]), line("Fin")),
    doc(*BASE["content"][:2], line("Entre", marks=[mark("insertion", "12-a")]), line("Fin")),
    doc(*BASE["content"], line()),
]
NOT_MINE = [
    middle("Le car passe tard."),
    middle("Le bus passe."),
    middle("Le bus ", text_run("passe", [{"type": "bold"}]), " tard."),
    doc(grammar.heading("Titre", 3), *BASE["content"][1:]),
    doc(*BASE["content"][:2]),
    doc(*BASE["content"][:2], grammar.heading("Fin")),
    doc(grammar.heading("Titre"), line("Le bus"), line(" passe tard."), line("Fin")),
    doc(*BASE["content"][::-1]),
    middle("Le bus ", inserted("de nuit ", "13-c"), "passe tard."),
    middle("Le bus ", deleted("passe", "13-c"), " tard."),
    middle("Le ", commented("bus", "13-m"), " passe tard."),
    doc(
        grammar.heading("Titre"),
        line("Le bus", inserted(ZW, "13-c")),
        line(inserted(ZW, "13-c"), " passe tard."),
        line("Fin"),
    ),
]


@pytest.mark.parametrize("after", MINE)
def test_one_may_suggest_and_take_it_back(after):
    for right, may in ((READ, False), (SUGGEST, True), (WRITE, True)):
        assert projection.allows(BASE, after, right, "12-") is may
    assert projection.allows(after, BASE, SUGGEST, "12-")
    if after not in (MINE[-1],):
        assert not projection.allows(BASE, after, SUGGEST, "13-")


@pytest.mark.parametrize("after", NOT_MINE)
def test_one_may_not_edit_nor_sign_for_another(after):
    for right in (READ, COMMENT, SUGGEST):
        assert not projection.allows(BASE, after, right, "12-")
    assert projection.allows(BASE, after, WRITE, "12-")


def test_a_comment_is_all_that_a_directorate_may_add():
    both = middle("Le ", commented("bus", "12-k", "13-m"), " passe tard.")
    one = middle("Le ", commented("bus", "13-m"), " passe tard.")
    assert projection.allows(BASE, middle("Le ", commented("bus", "12-k"), " passe tard."), COMMENT, "12-")
    assert projection.allows(one, both, COMMENT, "12-")
    assert projection.allows(both, one, COMMENT, "12-")
    assert not projection.allows(both, BASE, COMMENT, "12-")
    assert not projection.allows(BASE, MINE[0], COMMENT, "12-")


THEIRS = middle("Le bus ", deleted("passe", "13-c"), inserted("roule", "13-c"), " tard.")


@pytest.mark.parametrize(
    "after",
    [
        BASE,
        middle("Le bus ", deleted("passe", "13-c"), " tard."),
        middle("Le bus ", deleted("passe", "13-c"), inserted("vole", "13-c"), " tard."),
        middle("Le bus ", inserted("roule", "13-c"), "passe tard."),
        middle("Le bus ", "passe", inserted("roule", "13-c"), " tard."),
        middle("Le bus ", deleted("passe", "13-c"), inserted("roule", "12-a"), " tard."),
        middle("Le bus ", deleted("passe tard", "13-c"), inserted("roule", "13-c"), "."),
        middle(
            "Le bus ",
            deleted("passe", "13-c"),
            text_run("roule", [{"type": "bold"}, mark("insertion", "13-c")]),
            " tard.",
        ),
    ],
)
def test_what_another_suggests_stays_theirs(after):
    assert not projection.allows(THEIRS, after, SUGGEST, "12-")


@pytest.mark.parametrize(
    "after",
    [
        middle(
            "Le bus ",
            deleted("passe", "13-c"),
            inserted("rou", "13-c"),
            inserted("é"),
            inserted("le", "13-c"),
            " tard.",
        ),
        middle("Le bus ", deleted("passe", "13-c"), inserted("roule", "13-c"), inserted(" bien"), " tard."),
        middle("Le bus ", deleted("pas"), deleted("se", "13-c"), inserted("roule", "13-c"), " tard."),
        doc(
            grammar.heading("Titre"),
            line("Le bus ", deleted("passe", "13-c"), inserted("rou", "13-c"), inserted(ZW)),
            line(inserted(ZW), inserted("le", "13-c"), " tard."),
            line("Fin"),
        ),
    ],
)
def test_one_may_suggest_beside_and_in_what_another_suggests(after):
    assert projection.allows(THEIRS, after, SUGGEST, "12-")


def test_a_change_of_level_is_a_suggestion_when_it_says_the_truth():
    def titled(previous):
        values = {"type": "attr", "attrName": "level", "previousValue": previous, "newValue": 4}
        return doc(
            node(
                "heading",
                {"level": 4},
                [{"type": "modification", "attrs": {"id": "12-a", **values}}],
                [text_run("Titre")],
            ),
            *BASE["content"][1:],
        )

    assert projection.allows(BASE, titled(2), SUGGEST, "12-")
    assert not projection.allows(BASE, titled(3), SUGGEST, "12-")
    assert not projection.allows(BASE, titled(2), SUGGEST, "13-")


@settings(QUICK, max_examples=50)
@given(trees(), trees())
def test_nothing_passes_that_changes_the_original(old, new):
    assume(projection.settled(old, accept=False) != projection.settled(new, accept=False))
    if projection.allows(old, new, SUGGEST, "12-"):
        trimmed = [projection.settled(tree, accept=False)["content"] for tree in (old, new)]
        for content in trimmed:
            while content and content[-1] == {"type": "paragraph"}:
                content.pop()
        assert trimmed[0] == trimmed[1]


@settings(QUICK, max_examples=50)
@given(trees())
def test_doing_nothing_is_allowed_to_whoever_may_comment(tree):
    assert projection.allows(tree, tree, COMMENT, "12-")
    assert projection.allows(tree, tree, SUGGEST, "12-")
    assert not projection.allows(tree, tree, READ, "12-")
