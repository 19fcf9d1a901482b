"""Suggestions accepted and refused, one by one or all, with the breaks they bring."""

import pytest
from hypothesis import given, settings
from pycrdt import Doc

from assembly.collab.document import grammar, projection, reading, settling, suggestions, writing
from assembly.collab.document.grammar import ZERO_WIDTH as ZW, node
from tests.assembly.collab.document.texts import QUICK, deleted, doc, inserted, line, mark, trees

IDS = ["12-a", "12-b", "13-c"]


def decided(tree, ids, *, accept):
    made = Doc()
    writing.fill_empty(made, tree)
    (suggestions.accept_in_tree if accept else suggestions.reject_in_tree)(made, ids)
    return reading.tree(made)


def marks_in(tree):
    found = {
        item["attrs"]["id"]
        for item in tree.get("marks", [])
        if item["type"] in ("insertion", "deletion", "modification")
    }
    return found.union(*(marks_in(child) for child in tree.get("content", [])))


@settings(QUICK, max_examples=50)
@given(trees())
def test_a_decision_leaves_no_mark_and_nothing_to_decide(tree):
    for accept in (True, False):
        made = projection.settled(tree, accept)
        assert marks_in(made) == set()
        assert projection.settled(made, not accept) == made
        assert suggestions.suggestions_in_order(made) == []
    assert {found.id for found in suggestions.suggestions_in_order(tree)} == marks_in(tree)


@settings(QUICK, max_examples=50)
@given(trees())
def test_the_shared_text_is_decided_as_the_tree_is(tree):
    for accept in (True, False):
        one = decided(tree, ["12-a"], accept=accept)
        assert one == settling.decided(tree, {"12-a"}, accept=accept)
        assert "12-a" not in marks_in(one)
        assert decided(tree, ["99-z"], accept=accept) == tree


@settings(QUICK, max_examples=50)
@given(trees(suggested=False))
def test_a_text_without_suggestions_is_its_own_original(tree):
    assert projection.settled(tree, accept=True) == projection.settled(tree, accept=False) == tree


@pytest.mark.parametrize(
    ("tree", "refused", "accepted"),
    [
        (doc(line("Le bus ", deleted("tôt"), inserted("tard"))), doc(line("Le bus tôt")), doc(line("Le bus tard"))),
        # Enter in the middle of a line: the break is the suggestion.
        (
            doc(line("un", inserted(ZW)), line(inserted(ZW), "deux")),
            doc(line("undeux")),
            doc(line("un"), line("deux")),
        ),
        # Three pasted paragraphs: the one in the middle is marked as a block.
        (
            doc(line("un", inserted("a")), line("b", marks=[mark("insertion", "12-a")]), line(inserted("c"), "deux")),
            doc(line("undeux")),
            doc(line("una"), line("b"), line("cdeux")),
        ),
        # A deletion over two paragraphs and the empty one between them.
        (
            doc(line("un ", deleted("mot")), line(), line(deleted("et un"), " autre")),
            doc(line("un mot"), line(), line("et un autre")),
            doc(line("un  autre")),
        ),
        # A deletion that goes over a whole table.
        (
            doc(
                line("un", deleted(ZW)),
                node("table", content=[node("tableRow", content=[node("tableCell", content=[line(deleted("x"))])])]),
                line(deleted("de"), "ux"),
            ),
            doc(
                line("un"),
                node("table", content=[node("tableRow", content=[node("tableCell", content=[line("x")])])]),
                line("deux"),
            ),
            doc(line("unux")),
        ),
        # Two members break the same place: neither break is left behind.
        (
            doc(
                line("un", inserted(ZW)),
                line(inserted(ZW, "13-c"), inserted("é", "13-c")),
                line(inserted(ZW, "13-c"), inserted(ZW), "deux"),
            ),
            doc(line("undeux")),
            doc(line("un"), line("é"), line("deux")),
        ),
        # An emptied cell stays a cell.
        (
            doc(node("table", content=[node("tableRow", content=[node("tableCell", content=[line(deleted("x"))])])])),
            doc(node("table", content=[node("tableRow", content=[node("tableCell", content=[line("x")])])])),
            doc(node("table", content=[node("tableRow", content=[node("tableCell", content=[line()])])])),
        ),
        # All that there was.
        (doc(line("un", marks=[mark("deletion", "12-a")])), doc(line("un")), doc(line())),
    ],
)
def test_breaks_go_and_come_with_their_suggestion(tree, refused, accepted):
    assert projection.settled(tree, accept=False) == refused == decided(tree, IDS, accept=False)
    assert projection.settled(tree, accept=True) == accepted == decided(tree, IDS, accept=True)


def test_a_suggested_item_joins_its_list_again():
    first = node("listItem", content=[line("un", inserted(ZW))])
    second = node("listItem", content=[line(inserted(ZW), "deux"), grammar.bullets(["trois"])])
    tree = doc(node("bulletList", content=[first, second]))
    whole = node("listItem", content=[line("undeux"), grammar.bullets(["trois"])])
    assert projection.settled(tree, accept=False) == doc(node("bulletList", content=[whole]))


def test_a_list_wrapped_around_a_paragraph():
    tree = doc(
        line("un", marks=[mark("deletion", "12-a")]),
        node("bulletList", None, [mark("insertion", "12-a")], [node("listItem", content=[line("un")])]),
    )
    assert projection.settled(tree, accept=False) == doc(line("un"))
    assert projection.settled(tree, accept=True) == doc(grammar.bullets(["un"]))


def change(kind, name, before, after):
    return {
        "type": "modification",
        "attrs": {"id": "12-a", "type": kind, "attrName": name, "previousValue": before, "newValue": after},
    }


def test_a_block_goes_back_to_what_it_was():
    level = node("heading", {"level": 4}, [change("attr", "level", 2, 4)], [{"type": "text", "text": "Été"}])
    kind = node(
        "heading", {"level": 3}, [change("nodeType", None, "paragraph", "heading")], [{"type": "text", "text": "un"}]
    )
    bold = node("footnote", {"text": "n"}, [{"type": "bold"}, change("mark", None, None, {"type": "bold"})])
    tree = doc(level, kind, line(bold))
    assert projection.settled(tree, accept=False) == doc(
        grammar.heading("Été", 2), line("un"), line(node("footnote", {"text": "n"}))
    )
    assert projection.settled(tree, accept=True) == doc(
        grammar.heading("Été", 4),
        grammar.heading("un", 3),
        line(node("footnote", {"text": "n"}, [{"type": "bold"}])),
    )


def test_suggestions_are_told_in_words():
    level = node("heading", {"level": 4}, [change("attr", "level", 2, 4)], [{"type": "text", "text": "Été"}])
    tree = doc(
        level,
        line("Le bus passe ", deleted("tôt", "12-b"), inserted("tard", "12-b"), " le soir."),
        line("un", inserted(ZW, "13-c")),
        line(inserted(ZW, "13-c"), "deux"),
    )
    first, second, third = suggestions.suggestions_in_order(tree)
    assert (first.kind, first.deleted, first.inserted) == ("modification", "titre de niveau 2", "titre de niveau 4")
    assert (second.kind, second.deleted, second.inserted) == ("replacement", "tôt", "tard")
    assert second.context == "Le bus passe … le soir."
    assert (third.kind, third.inserted, third.context) == ("insertion", "un passage à la ligne", "un…")


def test_an_author_keeps_the_text_that_was_written_meanwhile():
    """A suggestion is refused on the server while somebody types in the same paragraph."""
    made = Doc()
    writing.fill_empty(made, doc(line("Été 🌳 ", inserted("vert"), " et chaud")))
    other = Doc()
    root = reading.root(other)
    other.apply_update(made.get_update())
    typed = root.children[0].children[0]
    typed.insert(len(typed), " aussi", {})
    suggestions.reject_in_tree(made, ["12-a"])
    made.apply_update(other.get_update(made.get_state()))
    assert reading.tree(made) == doc(line("Été 🌳  et chaud aussi"))
