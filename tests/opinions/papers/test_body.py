"""The text as it is printed: headings that skip nothing, sheets told, notes apart, anchors that lead somewhere."""

import re

import pytest

from assembly.collab.document import grammar
from assembly.collab.document.plain_text import alineas
from opinions.papers.documents.body import body_of, for_pdf, level_headings
from tests.opinions.exchange import texts


def row(number, **more):
    facts = {"reference": f"AC2-2026-03-P{number:02}", "number": number, "title": f"Titre {number}", "theme": ""}
    return facts | {"node_id": texts.node_id(number), "priority": False, "merged_from": [], "vote": None} | more


def data(*rows):
    return {"recommendations": list(rows)}


def levels(html):
    return [int(level) for level in re.findall(r"<h([2-6])", html)]


@pytest.mark.parametrize("numbered", [False, True])
def test_headings_never_skip_a_level(numbered):
    tree = grammar.tree_document(
        grammar.heading("Un", 4), texts.sheet(1), grammar.heading("Deux", 4), grammar.heading("Trois", 2)
    )
    body = body_of(tree, data(row(1)), alineas=numbered)
    assert levels(body.html) == [2, 3, 4, 2]


@pytest.mark.parametrize("numbered", [False, True])
def test_a_text_that_begins_with_a_sheet_gets_a_heading_above_it(numbered):
    tree = grammar.tree_document(grammar.paragraph("Avant."), texts.sheet(1), texts.sheet(2))
    body = body_of(tree, data(row(1), row(2)), alineas=numbered)
    assert levels(body.html) == [2, 3, 3]
    assert [entry.text for entry in body.contents] == ["Préconisations", "Titre 1", "Titre 2"]
    assert all(f'id="{entry.anchor}"' in body.html for entry in body.contents)


def test_no_block_is_added_so_that_alineas_keep_their_numbers():
    tree = texts.complete_opinion(3)
    ready, is_bare = level_headings(tree)
    assert [line.text for line in alineas(ready)] == [line.text for line in alineas(tree)]
    assert not is_bare


def test_facts_under_a_title_are_escaped():
    given = row(
        1, theme="<script>", priority=True, merged_from=["AC2-2026-03-P09"], vote={"sentence": "Adopté & voté"}
    )
    html = body_of(grammar.tree_document(texts.sheet(1)), data(given)).html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "Adopté &amp; voté" in html
    assert html.index("sheet-facts") > html.index("</h3>")


def test_a_recommendation_without_row_is_printed_without_number():
    body = body_of(grammar.tree_document(texts.sheet(1)), data())
    assert "Prolonger la ligne 1" in body.html
    assert "AC2" not in body.html


def test_notes_stand_apart_each_with_its_way_back():
    body = body_of(texts.complete_opinion(1), data(row(1)))
    assert "footnotes" not in body.html
    assert body.notes.count("<li") == 3
    for number in (1, 2, 3):
        assert f'href="#note-{number}"' in body.html
        assert f'id="note-{number}"' in body.notes


def test_lists_that_begin_further_on_do_so_on_paper():
    body = body_of(texts.complete_opinion(0), data())
    assert '<ol start="3">' in body.html
    assert "counter-reset:list-item 2" in for_pdf(body).html
