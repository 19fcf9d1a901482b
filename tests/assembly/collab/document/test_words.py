"""Words and alinéas: the same text always gives the same numbers."""

from hypothesis import given, settings

from assembly.collab.document import grammar, plain_text, projection
from assembly.collab.document.grammar import PROMPTS, ZERO_WIDTH, node
from tests.assembly.collab.document.texts import QUICK, deleted, doc, inserted, line, trees

ROW = node(
    "tableRow", content=[node("tableCell", content=[line("Auterive")]), node("tableCell", content=[line("12")])]
)
KNOWN = "5b0c3f40-8a3b-4c3c-9d53-0c9dbf4a9d11"


def test_each_passage_has_a_number():
    nested = node("listItem", content=[line("un"), grammar.bullets(["un bis"])])
    tree = doc(
        grammar.heading("Se déplacer"),
        line(),
        line("Le bus ", node("hardBreak"), "passe", node("footnote", {"text": "note"})),
        node("bulletList", content=[nested]),
        node("table", content=[ROW]),
        grammar.recommendation(
            "Des bus", {"problem": "Le soir", "means": [grammar.bullets(["12 bus", "6 cars"])]}, id=KNOWN
        ),
    )
    found = plain_text.alineas(tree)
    assert [(alinea.path, alinea.text) for alinea in found[:5]] == [
        ((0,), "Se déplacer"),
        ((2,), "Le bus  passe"),
        ((3, 0), "un"),
        ((3, 0, 1, 0), "un bis"),
        ((4, 0), "Auterive | 12"),
    ]
    assert [(alinea.prompt, alinea.text) for alinea in found[5:]] == [
        ("", "Des bus"),
        ("problem", "Le soir"),
        ("proposal", ""),
        ("audience", ""),
        ("decider", ""),
        ("means", "12 bus"),
        ("means", "6 cars"),
        ("measure", ""),
    ]
    assert {alinea.recommendation_id for alinea in found[5:]} == {KNOWN}
    assert [alinea.number for alinea in found] == list(range(1, 14))


@settings(QUICK, max_examples=50)
@given(trees())
def test_numbers_are_stable_and_lead_to_their_node(tree):
    settled = projection.settled(tree, accept=False)
    found = plain_text.alineas(settled)
    assert found == plain_text.alineas(projection.settled(settled, accept=False))
    assert [alinea.number for alinea in found] == list(range(1, len(found) + 1))
    assert sorted({alinea.path for alinea in found}) == [alinea.path for alinea in found]
    for alinea in found:
        place = settled
        for index in alinea.path:
            place = place["content"][index]
        assert place is alinea.node
        assert ZERO_WIDTH not in alinea.text


def test_plain_words_are_those_that_stand():
    tree = doc(line("Le bus ", deleted("tôt"), inserted("tard")), line("Fin", node("footnote", {"text": "note"})))
    assert plain_text.to_text(tree) == "Le bus tôt\nFin (note)"
    assert plain_text.to_text(tree, suggestions="accepted") == "Le bus tard\nFin (note)"
    assert plain_text.to_text(tree, suggestions="shown") == "Le bus tôttard\nFin (note)"


def test_the_questions_are_asked_in_french():
    assert [plain_text.question_label(prompt)[-2:] for prompt in PROMPTS] == ["\u00a0?"] * 6
