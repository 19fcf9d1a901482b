"""Recommendations in a text: found by their id, read without suggestions, never two of the same id."""

from assembly.collab.document import grammar, plain_text, recommendations
from assembly.collab.document.grammar import PROMPTS, node
from tests.assembly.collab.document.texts import deleted, doc, inserted, line

KNOWN = "5b0c3f40-8a3b-4c3c-9d53-0c9dbf4a9d11"


def test_a_recommendation_is_read_by_question():
    problem = [line("Le bus ", deleted("tôt"), inserted("tard"), node("footnote", {"text": "Enquête"})), line("Deux")]
    made = grammar.recommendation("Des bus\nle soir", {"problem": problem, "audience": "Tous"}, id=KNOWN)
    (found,) = recommendations.read_all(doc(line("avant"), made))
    assert (found.node_id, found.title, found.path) == (KNOWN, "Des bus le soir", (1,))
    assert found.fields["problem"] == "Le bus tôt (Enquête)\nDeux"
    assert found.html["problem"] == "<p>Le bus tôt (Enquête)</p><p>Deux</p>"
    assert found.missing == [prompt for prompt in PROMPTS if prompt not in ("problem", "audience")]


def test_a_suggested_recommendation_is_not_there_yet():
    made = grammar.recommendation("Des bus", id=KNOWN)
    made["marks"] = [{"type": "insertion", "attrs": {"id": "12-a"}}]
    assert recommendations.read_all(doc(line("avant"), made)) == []


def test_a_field_written_by_two_hands_is_read_as_one():
    made = grammar.recommendation("Des bus", {"problem": "Le soir"}, id=KNOWN)
    made["content"].append(node("recommendationField", {"prompt": "problem"}, content=[line("La nuit")]))
    (found,) = recommendations.read_all(doc(made))
    assert found.fields["problem"] == "Le soir\nLa nuit"


def test_a_copy_gets_an_id_of_its_own():
    made = grammar.recommendation("Des bus", id=KNOWN)
    tree = recommendations.distinct(doc(made, line("et"), made))
    first, second = recommendations.read_all(tree)
    assert first.node_id == KNOWN != second.node_id
    assert recommendations.distinct(tree) == tree


def test_an_outline_is_built_of_plain_words():
    tree = grammar.tree_document(grammar.heading("Constats"), grammar.bullets(["un", "deux"]))
    assert plain_text.to_text(tree) == "Constats\nun\ndeux"
    assert grammar.tree_document()["content"] == [{"type": "paragraph"}]
