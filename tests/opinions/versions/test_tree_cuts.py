"""What a vote takes out of a text: recommendations by their number, a part by its title."""

import pytest

from opinions.versions.rules import without_heading_part, without_recommendations


def heading(title, level=2):
    return {"type": "heading", "attrs": {"level": level}, "content": [{"type": "text", "text": title}]}


def paragraph(text):
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


def recommendation(number):
    return {"type": "recommendation", "attrs": {"id": number}, "content": [paragraph(f"Préconisation {number}")]}


def doc(*blocks):
    return {"type": "doc", "content": list(blocks)}


EMPTY = {"type": "paragraph"}


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Se déplacer", doc(paragraph("Début."), heading("Se soigner"), paragraph("Texte 2."), heading("Ville", 3))),
        ("Se soigner", doc(paragraph("Début."), heading("Se déplacer"), paragraph("Texte 1."))),
        (
            "Ville",
            doc(
                *(paragraph("Début."), heading("Se déplacer"), paragraph("Texte 1.")),
                *(heading("Se soigner"), paragraph("Texte 2."), heading("Ville", 3)),
            ),
        ),
    ],
)
def test_a_part_goes_from_its_title_to_the_next_of_its_level(title, left):
    text = doc(
        *(paragraph("Début."), heading("Se déplacer"), paragraph("Texte 1.")),
        *(heading("Se soigner"), paragraph("Texte 2."), heading("Ville", 3)),
    )
    assert without_heading_part(text, title) == left


def test_a_text_whose_only_part_goes_keeps_an_empty_paragraph():
    assert without_heading_part(doc(heading("Seule"), paragraph("Texte.")), "Seule") == doc(EMPTY)


def test_only_the_rejected_recommendations_go():
    text = doc(paragraph("Début."), recommendation("a"), recommendation("b"))
    assert without_recommendations(text, {"a"}) == doc(paragraph("Début."), recommendation("b"))
    assert without_recommendations(text, {"c"}) == text


def test_a_text_of_rejected_recommendations_alone_keeps_an_empty_paragraph():
    assert without_recommendations(doc(recommendation("a")), {"a"}) == doc(EMPTY)
