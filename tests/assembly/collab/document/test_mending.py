"""What two hands left half done is put right by the server, and no word of it is lost."""

from hypothesis import given
from pycrdt import Doc

from assembly.collab.document import grammar, plain_text, reading, schema, suggestions, writing
from assembly.collab.document.grammar import PROMPTS, node
from tests.assembly.collab.document.texts import QUICK, doc, inserted, line, mark, trees

KNOWN = "5b0c3f40-8a3b-4c3c-9d53-0c9dbf4a9d11"


@QUICK
@given(trees())
def test_a_whole_text_is_left_alone(tree):
    assert writing.repaired(tree) == tree
    assert schema.check(tree) == tree


def test_a_recommendation_gets_its_six_questions_again():
    made = grammar.recommendation("Des bus", {"problem": "Le soir", "means": "12 bus"}, id=KNOWN)
    title, problem, *rest = made["content"]
    twice = {**problem, "content": [line("La nuit"), line()]}
    broken = {
        **made,
        "content": [*rest[::-1], twice, title, problem, {**title, "content": [{"type": "text", "text": "!"}]}],
    }
    missing = {**made, "attrs": {"id": KNOWN}, "content": [title]}
    tree = writing.repaired(doc(broken, missing))
    assert schema.check(tree) == tree
    first, second = tree["content"]
    assert [field["attrs"]["prompt"] for field in first["content"][1:]] == list(PROMPTS)
    assert plain_text.to_text(doc(first)) == "Des bus!\nLa nuit\nLe soir\n12 bus"
    assert first["attrs"]["id"] == KNOWN != second["attrs"]["id"]


def test_what_holds_nothing_goes_or_gets_a_line():
    item = node("listItem", content=[grammar.bullets(["un"])])
    tree = writing.repaired(
        doc(node("bulletList"), node("blockquote"), node("table"), node("bulletList", content=[item]))
    )
    assert schema.check(tree) == tree
    assert [block["type"] for block in tree["content"]] == ["blockquote", "bulletList"]


def test_a_decision_is_possible_in_a_text_with_a_copied_recommendation():
    copied = grammar.recommendation("Des bus", id=KNOWN)
    made = Doc()
    writing.fill_empty(made, doc(line("un", inserted(" mot")), copied))
    writing.append_blocks(made, doc({**copied, "marks": [mark("insertion", "13-c")]}))
    suggestions.accept_in_tree(made, ["12-a"])
    tree = reading.tree(made)
    assert schema.check(tree) == tree
    assert tree["content"][0] == line("un mot")
