"""The editor and the server agree: on every text, on its HTML, on what a suggestion may do."""

import random
from itertools import groupby

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pycrdt import Doc

from assembly.collab.document import grammar, html, projection, reading, schema, suggestions, writing
from tests.assembly.collab.document import editor
from tests.assembly.collab.document.texts import doc, trees

TEXTS, PLAYS, GESTURES = 120, 60, 6


def generated(count, **options):
    """Return a fixed batch of generated texts, so that the editor is called once for all of them."""
    found = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(trees(**options))
    def gather(tree):
        found.append(tree)

    gather()
    return found


def opened(update):
    made = Doc()
    reading.root(made)
    made.apply_update(editor.data(update))
    return made


@pytest.fixture(scope="module")
def texts():
    return generated(TEXTS)


def formats(made):
    """Return the names of the formats of the texts of a document, hashes included."""
    found = []

    def walk(items):
        for item in items:
            if isinstance(item, list):
                found.extend(sorted(held or {}) for _words, held in item)
            else:
                walk(item[2])

    walk(reading.raw(made))
    return found


def test_what_the_editor_writes_the_server_reads(texts):
    for tree, answer in zip(texts, editor.call("render", texts), strict=True):
        theirs = opened(answer["update"])
        assert reading.tree(theirs) == tree
        ours = Doc()
        writing.fill_empty(ours, tree)
        assert formats(ours) == formats(theirs)


def test_what_the_server_writes_the_editor_reads(texts):
    updates = []
    for tree in texts:
        made = Doc()
        writing.fill_empty(made, tree)
        updates.append(editor.text(made.get_update()))
    for tree, answer in zip(texts, editor.call("read", updates), strict=True):
        assert schema.canonical(answer) == tree


@pytest.mark.browser
def test_the_html_is_the_editors_own_letter_for_letter(chromium, texts):
    page = chromium.new_page()
    page.add_script_tag(path=str(editor.bundle("iife")))
    for tree, answer in zip(texts, page.evaluate("trees => editor.render(trees)", texts), strict=True):
        assert html.to_html(reading.tree(opened(answer["update"]))) == answer["html"]
        assert html.to_html(tree) == answer["html"]
    assert page.evaluate("editor.SCHEMA_VERSION") == schema.SCHEMA_VERSION
    assert page.evaluate("editor.PROMPTS") == {name: str(words) for name, words in grammar.PROMPTS.items()}
    page.close()


def base(seed):
    """Return a short text of paragraphs, headings, lists, a quotation, a table or a recommendation."""
    draw = random.Random(seed)
    makers = [
        lambda: grammar.paragraph(draw.choice(["Le bus passe tard.", "Été 🌳 chaud", "Un mot"])),
        lambda: grammar.heading("Titre", draw.choice([2, 3, 4])),
        lambda: grammar.bullets(["un point", "deux points"]),
        lambda: {"type": "blockquote", "content": [grammar.paragraph("Cité"), grammar.paragraph("deux fois")]},
        lambda: grammar.recommendation("Des bus", {"problem": "Le soir"}, id="5b0c3f40-8a3b-4c3c-9d53-0c9dbf4a9d11"),
    ]
    return doc(
        *[draw.choice(makers[:-1])() for _count in range(draw.randint(1, 3))], makers[seed % 7 and draw.randrange(3)]()
    )


@pytest.fixture(scope="module")
def plays():
    """Return the text after each gesture of two people who suggest by turns (typing, Enter, cuts, pastes, blocks)."""
    jobs = [{"tree": base(seed), "seed": seed * 7919 + 1, "gestures": GESTURES} for seed in range(1, PLAYS + 1)]
    return editor.call("play", jobs)


def test_a_suggestion_of_the_editor_is_one_for_the_server(plays):
    steps = 0
    for play in plays:
        made, before = Doc(), None
        reading.root(made)
        for step in play:
            made.apply_update(editor.data(step["update"]))
            after = reading.tree(made)
            assert after == schema.canonical(step["tree"])
            if before is not None and after != before:
                steps += 1
                prefix, other = f"{step['user']}-", "99-"
                assert projection.allows(before, after, projection.SUGGEST, prefix), step["gesture"]
                assert not projection.allows(before, after, projection.SUGGEST, other), step["gesture"]
                assert not projection.allows(before, after, projection.COMMENT, prefix), step["gesture"]
            before = after
    assert steps > PLAYS * 2


def test_suggestions_refused_leave_the_text_as_it_was(plays):
    for play in plays:
        first, last = opened_at(play, 1), opened_at(play, len(play))
        ids = [found.id for found in suggestions.suggestions_in_order(reading.tree(last))]
        accepted = projection.settled(reading.tree(last), accept=True)
        suggestions.reject_in_tree(last, ids)
        assert projection.settled(reading.tree(first), accept=False) == reading.tree(last)
        other = opened_at(play, len(play))
        suggestions.accept_in_tree(other, ids)
        assert reading.tree(other) == accepted


def opened_at(play, count):
    made = Doc()
    reading.root(made)
    for step in play[:count]:
        made.apply_update(editor.data(step["update"]))
    return made


RACES = 80


def test_people_who_replace_one_word_key_by_key_are_never_refused():
    """However their messages cross, each stroke is its author's own, and each word stays in one piece."""
    words = ["pra\bes\bsque", "para\bf\bfois", ""]  # \b takes the last letter away again
    sentence = doc(grammar.paragraph("Leurs cuisines sont souvent proches."))
    writers = [
        {"chosen": "souvent", "at": "all" if word else "start", "suggests": True, "phases": [word]} for word in words
    ]
    jobs = [{"tree": sentence, "seed": seed * 7919, "writers": writers} for seed in range(1, RACES)]
    for job, play in zip(jobs, editor.call("race", jobs), strict=True):
        made, before = Doc(), None
        reading.root(made)
        for row in play["rows"]:
            made.apply_update(editor.data(row["update"]))
            after = reading.tree(made)
            if before:
                assert projection.allows(before, after, projection.SUGGEST, f"{row['user']}-"), job["seed"]
            before = after
        assert [schema.canonical(tree) for tree in play["trees"]] == [after] * len(words)
        leaves = after["content"][0]["content"]
        signed = [(name[:3], words) for name, words in map(added, leaves) if words]
        runs = {
            name: "".join(words for _name, words in run) for name, run in groupby(signed, key=lambda pair: pair[0])
        }
        assert runs == {"12-": "presque", "13-": "parfois"}, job["seed"]


def added(leaf):
    """Return the author of an inserted text, and the text."""
    ids = [mark["attrs"]["id"] for mark in leaf.get("marks", []) if mark["type"] == "insertion"]
    return (ids[0], leaf["text"]) if ids else ("", "")
