"""From a tree to the shared document and back: nothing lost, nothing that the schema does not know."""

import json

import pytest
from hypothesis import given, settings
from pycrdt import Doc, XmlElement, XmlText

from assembly.collab.document import grammar, reading, writing
from tests.assembly.collab.document.texts import QUICK, doc, line, mark, trees


def written(tree):
    made = Doc()
    writing.fill_empty(made, tree)
    return made


@settings(QUICK, max_examples=50)
@given(trees())
def test_a_text_comes_back_as_it_was_written(tree):
    made = written(tree)
    assert reading.tree(made) == tree
    copy = Doc()
    reading.root(copy)
    copy.apply_update(made.get_update())
    assert reading.tree(copy) == tree


@settings(QUICK, max_examples=50)
@given(trees(), trees())
def test_a_text_becomes_any_other(old, new):
    made = written(old)
    reader = reading.DocumentReader()
    assert reader.tree(made) == old
    writing.replace_all(made, new)
    assert reading.tree(made) == reader.tree(made) == new


@settings(QUICK, max_examples=30)
@given(trees(most=2), trees(most=2))
def test_a_text_is_added_after_another(first, second):
    made = written(first)
    writing.append_blocks(made, second)
    assert reading.tree(made)["content"] == first["content"] + second["content"]


def test_a_text_is_filled_once():
    made = written(doc(line("déjà là")))
    with pytest.raises(ValueError, match="already"):
        writing.fill_empty(made, doc(line("encore")))


def test_what_did_not_change_is_left_to_those_who_write_it():
    """A server edit of one paragraph and a colleague's words in another, at the same moment, both stay."""
    made = written(doc(line("Été 🌳 un"), line("deux"), grammar.bullets(["trois"])))
    other = Doc()
    root = reading.root(other)
    other.apply_update(made.get_update())
    text = root.children[0].children[0]
    text.insert(len("Été 🌳".encode()), " (vert)", {})
    writing.replace_all(made, doc(line("Été 🌳 un"), line("deux et demi"), grammar.bullets(["trois", "quatre"])))
    made.apply_update(other.get_update(made.get_state()))
    assert reading.tree(made) == doc(
        line("Été 🌳 (vert) un"), line("deux et demi"), grammar.bullets(["trois", "quatre"])
    )


def test_an_unchanged_text_writes_nothing():
    made = written(doc(line("un"), line("deux")))
    before = made.get_state()
    writing.replace_all(made, reading.tree(made))
    assert made.get_state() == before


def test_what_is_unknown_is_not_read():
    made = Doc()
    root = reading.root(made)
    with made.transaction():
        paragraph = root.children.append(XmlElement("paragraph"))
        text = paragraph.children.append(XmlText(""))
        text.insert(0, "bon\x00jour", {"bold": {}, "blink": {}, "link": {"href": "javascript:alert(1)"}})
        paragraph.attributes["onclick"] = "alert(1)"
        paragraph.attributes["marks"] = "[[["
        root.children.append(XmlElement("script")).children.append(XmlText("alert(1)"))
        heading = root.children.append(XmlElement("heading"))
        heading.attributes["level"] = 99
        paragraph.children.append(XmlElement("table"))
    assert reading.tree(made) == doc(line({"type": "text", "text": "bonjour", "marks": [{"type": "bold"}]}))


def test_a_deep_element_does_not_exhaust_the_reader():
    made = Doc()
    place = reading.root(made)
    with made.transaction():
        for _level in range(300):
            place = place.children.append(XmlElement("blockquote"))
    assert reading.tree(made)["type"] == "doc"
    assert reading.DocumentReader().tree(made) == reading.tree(made)


def test_marks_of_blocks_and_overlapping_comments_are_written_as_the_editor_writes_them():
    run = {"type": "text", "text": "é", "marks": [mark("comment", "12-k"), mark("comment", "13-m")]}
    made = written(doc(line(run, marks=[mark("insertion", "12-a")])))
    element = reading.root(made).children[0]
    assert json.loads(element.attributes["marks"]) == [{"type": "insertion", "attrs": {"id": "12-a"}}]
    formats = element.children[0].diff()[0][1]
    assert sorted(formats) == ["comment--g6642LiT", "comment--knN2bprx"]


def test_numbers_are_whole_again():
    table = {
        "type": "table",
        "content": [
            {
                "type": "tableRow",
                "content": [
                    {
                        "type": "tableCell",
                        "attrs": {"colspan": 2, "rowspan": 1, "colwidth": [100, 50]},
                        "content": [line("x")],
                    }
                ],
            }
        ],
    }
    cell = reading.tree(written(doc(table)))["content"][0]["content"][0]["content"][0]
    assert cell["attrs"] == {"colspan": 2, "rowspan": 1, "colwidth": [100, 50]}
    assert isinstance(cell["attrs"]["colspan"], int)
    assert isinstance(cell["attrs"]["colwidth"][0], int)
