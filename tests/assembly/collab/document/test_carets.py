"""A caret stays where its owner left it, whatever others write meanwhile: the binding of the editor, without a page.

Expected words are written by hand. `\\b` is Backspace, `\\n` Enter, `\\x1a` Ctrl+Z.
"""

import subprocess

import pytest
from pycrdt import Doc

from assembly.collab.document import grammar, reading, schema
from assembly.local.addresses import ROOT
from tests.assembly.collab.document import editor
from tests.assembly.collab.document.texts import doc

SEEDS = 25
SENTENCE = "PIE28747 nous proposons un bus le soir."
WORDS = [" du dim", "anche"]  # one part a phase: after the first, everybody has everything


def lines(node):
    """Return the text of each line of a tree, suggested insertions and deletions included."""
    if "content" not in node:
        return [""]
    if any(child["type"] == "text" for child in node["content"]):
        return ["".join(child.get("text", "") for child in node["content"]).replace("\u200b", "")]
    return [line for child in node["content"] for line in lines(child)]


def played(writers, *blocks, seeds=SEEDS):
    """Return the lines at the end of each seeded play; check that all writers and the server have the same text."""
    tree = doc(*(blocks or [grammar.paragraph(SENTENCE)]))
    jobs = [{"tree": tree, "seed": seed * 7919, "writers": writers} for seed in range(1, seeds + 1)]
    found = []
    for play in editor.call("race", jobs):
        served = Doc()
        reading.root(served)
        for row in play["rows"]:
            served.apply_update(editor.data(row["update"]))
        kept = reading.tree(served)
        assert all(schema.canonical(tree) == kept for tree in play["trees"])
        found.append(lines(kept))
    return found


def writer(chosen, *phases, at="end", suggests=False):
    return {"chosen": chosen, "at": at, "suggests": suggests, "phases": list(phases)}


@pytest.mark.parametrize("suggests", [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            writer("PIE", "Avec les comm", "unes, ", at="start"),
            "Avec les communes, PIE28747 nous proposons un bus du dimanche le soir.",
        ),
        (writer("nous", " tous", " ici"), "PIE28747 nous tous ici proposons un bus du dimanche le soir."),
        (writer("le soir", " ou", " non"), "PIE28747 nous proposons un bus du dimanche le soir ou non."),
    ],
    ids=["at the beginning", "before", "after"],
)
def test_words_stay_together_beside_those_of_another(other, expected, suggests):
    mine = {**writer("un bus", *WORDS), "suggests": suggests[0]}
    assert played([mine, {**other, "suggests": suggests[1]}]) == [[expected]] * SEEDS


def test_three_carets_in_one_paragraph():
    writers = [writer("PIE28747", " ici", " et là"), writer("un bus", *WORDS), writer("le soir", " tard", " parfois")]
    expected = "PIE28747 ici et là nous proposons un bus du dimanche le soir tard parfois."
    assert played(writers) == [[expected]] * SEEDS


def test_two_carets_in_one_place():
    before, after = "PIE28747 nous proposons un bus", " le soir."
    allowed = [[f"{before} du dimanche ou deux{after}"], [f"{before} ou deux du dimanche{after}"]]
    for found in played([writer("un bus", *WORDS), writer("un bus", " ou", " deux")]):
        assert found in allowed


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("nous ", "PIE28747 proposons un bus du dimanche le soir."),
        ("nous proposons un bus", "PIE28747  du dimanche le soir."),
        ("un bus le soir", "PIE28747 nous proposons  du dimanche."),
    ],
    ids=["before", "up to the caret", "across"],
)
def test_words_stay_together_when_another_deletes(chosen, expected):
    writers = [writer("un bus", "", " du dimanche"), writer(chosen, "\b", "", at="all")]
    assert played(writers) == [[expected]] * SEEDS


def test_words_stay_together_when_another_deletes_across_and_writes_there():
    """Both write in what is gone: each behind their own last letter, not behind all that was deleted."""
    mine = "".join(WORDS)
    # Letters that had reached the other when they deleted are gone with the rest.
    left = [mine[start:] for start in range(len(WORDS[0]) + 1)]
    allowed = [[f"PIE28747 nous {''.join(order)}."] for words in left for order in ((words, "vite"), ("vite", words))]
    writers = [writer("un bus", *WORDS), writer("proposons un bus le soir", "\bvi", "te", at="all")]
    for found in played(writers, seeds=4 * SEEDS):
        assert found in allowed


def test_all_that_stood_before_the_caret_is_deleted():
    writers = [writer("nous", "", "Où"), writer("PIE28747 nous", "\b", "", at="all")]
    assert played(writers) == [["Où proposons un bus le soir."]] * SEEDS


def test_undo_of_another_moves_no_caret():
    writers = [writer("un bus", *WORDS), writer("PIE28747", " ici", "\x1a")]
    assert played(writers) == [["PIE28747 nous proposons un bus du dimanche le soir."]] * SEEDS


def test_undo_takes_back_ones_own_words_beside_those_of_another():
    writers = [writer("un bus", " du dim", "\x1a du jour"), writer("PIE", "Ici, ", "", at="start")]
    assert played(writers) == [["Ici, PIE28747 nous proposons un bus du jour le soir."]] * SEEDS


@pytest.mark.parametrize(
    ("chosen", "key", "expected"),
    [
        (" nous", "\n", ["Avant.", "PIE28747", " nous proposons un bus du dimanche le soir."]),
        ("us le", "\n", ["Avant.", "PIE28747 nous proposons un b", "us du dimanche le soir."]),
        (" soir", "\n", ["Avant.", "PIE28747 nous proposons un bus du dimanche le", " soir."]),
        ("PIE28747", "\b", ["Avant.PIE28747 nous proposons un bus du dimanche le soir."]),
        ("PIE28747", "\x14", ["Avant.", "PIE28747 nous proposons un bus du dimanche le soir."]),
        ("PIE28747", "\x0c", ["Avant.", "PIE28747 nous proposons un bus du dimanche le soir."]),
    ],
    ids=["split", "split beside the caret", "split after", "join", "a title", "a list"],
)
def test_a_caret_follows_its_words_into_another_block(chosen, key, expected):
    blocks = [grammar.paragraph("Avant."), grammar.paragraph(SENTENCE)]
    writers = [writer("un bus", "", " du dimanche"), writer(chosen, key, "", at="start")]
    assert played(writers, *blocks) == [expected] * SEEDS


def test_the_caret_at_the_beginning_of_a_paragraph_that_is_joined_stays_before_its_words():
    blocks = [grammar.paragraph("Avant."), grammar.paragraph("Après.")]
    writers = [writer("Ap", "", "Peu ", at="start"), writer("Ap", "\b", "", at="start")]
    assert played(writers, *blocks) == [["Avant.Peu Après."]] * SEEDS


def test_words_stay_together_among_like_letters():
    writers = [writer("a a", " ab", " ab"), writer("a a a", " ac", " ac"), writer("a a a a", " ad", " ad")]
    expected = "a a ab ab a ac ac a ad ad a a."
    assert played(writers, grammar.paragraph("a a a a a a.")) == [[expected]] * SEEDS


def test_bold_that_was_asked_for_outlives_the_words_of_another():
    mine, other = writer("un bus", "\x02", " du soir", ""), writer("PIE28747", " ici", "", " là")
    job = {"tree": doc(grammar.paragraph(SENTENCE)), "seed": 7919, "writers": [mine, other]}
    (play,) = editor.call("race", [job])
    leaves = play["trees"][1]["content"][0]["content"]
    assert [leaf["text"] for leaf in leaves if "marks" in leaf] == [" du soir"]


def test_the_same_words_in_two_paragraphs():
    blocks = [grammar.paragraph("Un bus."), grammar.paragraph("Un bus."), grammar.paragraph("Un bus. Non.")]
    writers = [writer("Un bus. N", "", "i oui ni n"), writer("Un bus", "", " tard")]
    assert played(writers, *blocks) == [["Un bus tard.", "Un bus.", "Un bus. Ni oui ni non."]] * SEEDS


def test_a_heading_is_no_exception():
    writers = [writer("un bus", *WORDS), writer("PIE", "Ici, ", "", at="start")]
    expected = [["Ici, PIE28747 nous proposons un bus du dimanche le soir."]] * SEEDS
    assert played(writers, grammar.heading(SENTENCE)) == expected
    assert played(writers, grammar.heading(SENTENCE, 3)) == expected


def test_two_people_begin_an_empty_paragraph():
    blocks = [grammar.paragraph("Avant."), grammar.paragraph("x")]
    writers = [writer("x", "\b", "", "ou", "i"), writer("x", "", "", "no", "n")]
    for _before, found in played(writers, *blocks):
        assert found in {"ouinon", "nonoui"}


# Every stretch of y-tiptap that is replaced is looked for letter by letter.
MOVED = """
import { readFileSync } from "node:fs";
import { CHANGES, withNodeMarks } from "%(root)s/static/node_marks.mjs";
const source = readFileSync("%(root)s/node_modules/@tiptap/y-tiptap/dist/y-tiptap.js", "utf8");
withNodeMarks(source);
const refused = CHANGES.filter(([before]) => {
  try { withNodeMarks(source.replace(before, before.replace(/[a-z]/, "_"))); return false } catch (error) {
    return error.message.includes("y-tiptap has changed") } });
process.stdout.write(`${refused.length} of ${CHANGES.length}`);
"""


def test_the_build_stops_when_the_library_has_changed():
    script = MOVED % {"root": ROOT}
    said = subprocess.run(
        [editor.node(), "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    ).stdout
    refused, changes = said.split(" of ")
    assert refused == changes
    assert int(changes) >= 10
