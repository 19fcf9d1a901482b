"""What may be in a text and what is refused, with the sentence."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings, strategies as st

from assembly.collab.document import grammar
from assembly.collab.document.grammar import MAX_DEPTH, NODES, is_safe_link
from assembly.collab.document.schema import canonical, check
from tests.assembly.collab.document.texts import QUICK, doc, line, mark, trees

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(sorted(NODES)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "content", "attrs", "marks", "text", "id", "href"]), inner, max_size=5
        )
    ),
    max_leaves=25,
)


@settings(QUICK, max_examples=60)
@given(trees())
def test_a_text_of_the_schema_passes_unchanged(tree):
    assert canonical(tree) == tree
    for block in tree["content"]:
        assert check(doc(block))["content"] == [block]


@settings(QUICK, max_examples=50)
@given(JSON)
def test_anything_else_is_refused_or_made_a_text(value):
    made = canonical(value)
    assert made["type"] == "doc"
    assert made["content"]
    assert canonical(made) == made
    try:
        checked = check(value)
    except ValidationError as error:
        sentence = error.messages[0]
    else:
        sentence = "."
        assert checked == made
    assert sentence.endswith(".")


def _nested(depth):
    block = line("au fond")
    for _level in range(depth):
        block = {"type": "bulletList", "content": [{"type": "listItem", "content": [line("un"), block]}]}
    return doc(block)


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (doc({"type": "script", "content": []}), "unknown"),
        (doc({"type": "listItem", "content": [line("seul")]}), "unknown"),
        (doc({"type": "bulletList"}), "incomplete"),
        (
            doc({"type": "bulletList", "content": [{"type": "listItem", "content": [grammar.bullets(["a"])]}]}),
            "incomplete",
        ),
        (doc({"type": "heading", "attrs": {"level": 1}}), "attribute"),
        (doc({"type": "heading", "attrs": {"level": True}}), "attribute"),
        (doc({"type": "paragraph", "content": [{"type": "text", "text": "a\x00"}]}), "control"),
        (doc({"type": "paragraph", "content": [{"type": "text", "text": ""}]}), "text"),
        (doc({"type": "paragraph", "content": [{"type": "text", "text": "a", "marks": [{"type": "code"}]}]}), "mark"),
        (doc({"type": "paragraph", "content": [{"type": "text", "text": "a" * 1_000_001}]}), "long"),
        (doc({"type": "recommendation", "attrs": {"id": "7"}, "content": []}), "attribute"),
        (_nested(MAX_DEPTH), "deep"),
        ("un texte", "text"),
        (None, "text"),
    ],
)
def test_what_may_not_be_is_refused(tree, code):
    with pytest.raises(ValidationError) as refused:
        check(tree)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        " https://x.fr",
        "data:text/html,x",
        "/ici",
        "",
        "https://a b",
        None,
    ],
)
def test_a_link_leads_to_a_page_or_an_address_only(href):
    assert not is_safe_link(href)
    linked = {"type": "text", "text": "ici", "marks": [{"type": "link", "attrs": {"href": href}}]}
    with pytest.raises(ValidationError) as refused:
        check(doc({"type": "paragraph", "content": [linked]}))
    assert "https://" in refused.value.messages[0]
    assert canonical(doc({"type": "paragraph", "content": [linked]})) == doc(line("ici"))


def test_a_recommendation_has_its_six_questions_once_and_in_order():
    whole = grammar.recommendation("Des bus le soir")
    assert check(doc(whole)) == doc(whole)
    missing = {**whole, "content": whole["content"][:-1]}
    turned = {**whole, "content": [whole["content"][0], *whole["content"][:0:-1]]}
    for wrong in (missing, turned):
        with pytest.raises(ValidationError, match="six questions"):
            check(doc(wrong))
    with pytest.raises(ValidationError, match="même identifiant"):
        check(doc(whole, whole))


def test_marks_are_one_of_a_kind_except_comments():
    run = {"type": "text", "text": "a", "marks": [{"type": "italic"}, mark("comment", "b"), mark("comment", "a")]}
    twice = {**run, "marks": [*run["marks"], {"type": "italic"}, {"type": "bold"}]}
    names = [item["type"] for item in canonical(doc(line(twice)))["content"][0]["content"][0]["marks"]]
    assert names == ["bold", "italic", "comment", "comment"]
