"""Plain boxes: what is typed becomes blocks that the schema holds, and comes back as it was."""

import pytest
from hypothesis import given, settings, strategies as st

from assembly.collab.document.schema import check
from opinions.amending.typed_input import typed_blocks, typed_text
from tests.opinions.amending.trees import bullets, doc, par, text

NUMBERED = {"type": "orderedList", "content": [{"type": "listItem", "content": [par("Un")]}]}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", []),
        ("  \n\n ", []),
        ("Une phrase.", [par("Une phrase.")]),
        ("Un.\n\nDeux.", [par("Un."), par("Deux.")]),
        ("Un\nDeux", [{"type": "paragraph", "content": [text("Un"), {"type": "hardBreak"}, text("Deux")]}]),
        ("- Un\n- Deux", [bullets("Un", "Deux")]),
        ("Voici :\n- Un\n• Deux", [par("Voici :"), bullets("Un", "Deux")]),
        ("1. Un", [NUMBERED]),
        ("<b>gras</b> & co", [par("<b>gras</b> & co")]),
        ("12 rue des Arts", [par("12 rue des Arts")]),
    ],
)
def test_what_is_typed_becomes_blocks(typed, expected):
    assert typed_blocks(typed) == expected


@settings(deadline=None, derandomize=True, database=None)
@given(st.text(max_size=400))
def test_whatever_is_typed_makes_blocks_of_the_schema(typed):
    made = typed_blocks(typed)
    if made:
        assert check(doc(*made))["content"]


@pytest.mark.parametrize("typed", ["Un.\n\n- Deux\n- Trois\n\nQuatre\ncinq.", "1. Un\n2. Deux"])
def test_a_draft_is_opened_again_as_it_was_typed(typed):
    assert typed_text(typed_blocks(typed)) == typed
