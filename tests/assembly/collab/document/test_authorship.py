"""Who wrote what: moved text keeps its author, whoever moved it; a consolidated text keeps them all."""

import random

import pytest
from hypothesis import given, settings
from pycrdt import Doc, XmlElement, XmlText

from assembly.collab.document import authorship, grammar, reading, writing
from assembly.collab.document.grammar import node
from tests.assembly.collab.document import editor
from tests.assembly.collab.document.texts import QUICK, doc, line, trees

ONE, TWO, THREE = 1, 2, 3
LONG = "Le bus de nuit doit passer toutes les heures, été 🌳 comme hiver."


class Log:
    """A text and its rows: each step is one update of one person."""

    def __init__(self):
        self.doc, self.rows = Doc(), []
        self.root = reading.root(self.doc)

    def write(self, author, tree):
        with self.step(author):
            writing.replace_all(self.doc, tree)

    def step(self, author):
        return _Step(self, author)

    def told(self):
        return authorship.text_by_author(reading.tree(self.doc), authorship.blocks_by_author(self.rows))


class _Step:
    def __init__(self, log, author):
        self.log, self.author = log, author

    def __enter__(self):
        self.before = self.log.doc.get_state()

    def __exit__(self, *_error):
        self.log.rows.append((self.author, self.log.doc.get_update(self.before)))


@pytest.fixture
def log():
    made = Log()
    made.write(ONE, doc(line(LONG), line("Une autre ligne.")))
    return made


def rewritten(log, index, *blocks):
    """Delete one block and write others there, as the editor's binding does."""
    del log.root.children[index]
    for rank, (tag, words) in enumerate(blocks):
        element = log.root.children.insert(index + rank, XmlElement(tag))
        element.children.append(XmlText("")).insert(0, words, {})


def test_enter_leaves_the_first_author_on_what_moves_down(log):
    with log.step(TWO):
        rewritten(log, 0, ("paragraph", LONG[:20]), ("paragraph", LONG[20:]))
    assert log.told()[:2] == [[(ONE, LONG[:20])], [(ONE, LONG[20:])]]


def test_enter_as_the_editor_writes_it():
    """33 characters of one person go down a line under the hands of another: 100 and 14, not 67 and 47."""
    made, rows, before = Doc(), [], None
    reading.root(made)
    base = doc(line("a" * 67 + "b" * 33))
    writing.fill_empty(made, base)
    rows.append((ONE, made.get_update()))
    for tree in (doc(line("a" * 67), line("b" * 33)), doc(line("a" * 67), line("c" * 14 + "b" * 33))):
        before = made.get_state()
        writing.replace_all(made, tree)
        rows.append((TWO, made.get_update(before)))
    counted = {ONE: 0, TWO: 0}
    for ranges in authorship.blocks_by_author(rows):
        for author, start, stop in ranges:
            counted[author] += stop - start
    assert counted == {ONE: 100, TWO: 14}


def test_a_heading_toggle_and_a_list_leave_the_author(log):
    with log.step(TWO):
        rewritten(log, 0, ("heading", LONG))
    log.write(THREE, doc(grammar.bullets([LONG]), line("Une autre ligne.")))
    assert log.told() == [[(ONE, LONG)], [(ONE, "Une autre ligne.")]]


def test_words_typed_in_the_words_of_another_are_ones_own(log):
    log.write(TWO, doc(line(LONG.replace("de nuit", "électrique de nuit")), line("Une autre ligne.")))
    first = log.told()[0]
    assert [(author, words.strip()) for author, words in first] == [
        (ONE, "Le bus"),
        (TWO, "électrique"),
        (ONE, LONG[7:]),
    ]


def test_words_cut_by_somebody_and_pasted_later_keep_their_author(log):
    log.write(TWO, doc(line("Une autre ligne.")))
    log.write(THREE, doc(line("Une autre ligne, plus longue.")))
    log.write(TWO, doc(line("Une autre ligne, plus longue."), line("Je colle : " + LONG)))
    assert log.told()[1] == [(TWO, "Je colle : "), (ONE, LONG)]


def test_a_block_dragged_by_somebody_keeps_its_author(log):
    log.write(TWO, doc(line("Une autre ligne."), line("Entre."), line(LONG)))
    assert log.told() == [[(ONE, "Une autre ligne.")], [(TWO, "Entre.")], [(ONE, LONG)]]


def test_short_words_do_not_come_back_to_life(log):
    log.write(TWO, doc(line(LONG), line("Une ligne.")))
    log.write(THREE, doc(line(LONG), line("Une ligne, autre.")))
    assert (THREE, ", autre") in log.told()[1]


def test_lines_merged_keep_both_authors(log):
    log.write(TWO, doc(line(LONG), line("Une autre ligne."), line("Deux.")))
    log.write(THREE, doc(line(LONG), line("Une autre ligne.Deux.")))
    assert log.told()[1] == [(ONE, "Une autre ligne."), (TWO, "Deux.")]


def test_the_passages_of_each_block_cover_it_in_characters(log):
    found = authorship.blocks_by_author(log.rows)
    assert found == [[(ONE, 0, len(LONG))], [(ONE, 0, 16)]]


@settings(QUICK, max_examples=40)
@given(trees(), trees(), trees())
def test_passages_cover_any_text(one, two, three):
    log = Log()
    for author, tree in ((ONE, one), (TWO, two), (THREE, three)):
        log.write(author, tree)
    found = authorship.blocks_by_author(log.rows)
    for block, ranges in zip(reading.tree(log.doc)["content"], found, strict=True):
        places = [place for _author, start, stop in ranges for place in range(start, stop)]
        assert places == list(range(len(authorship.characters(block))))
    seeds = authorship.seeds(three, found)
    made = Doc()
    reading.root(made)
    for _author, data in seeds:
        made.apply_update(data)
    assert reading.tree(made) == three


def test_a_consolidated_text_keeps_its_authors_to_the_letter(log):
    log.write(
        TWO, doc(line(LONG.replace("de nuit", "électrique de nuit")), line("Une autre ligne."), line("De deux."))
    )
    known = grammar.recommendation("Des bus", {"problem": "Le soir"})
    log.write(THREE, doc(*reading.tree(log.doc)["content"], known))
    tree, found = reading.tree(log.doc), authorship.blocks_by_author(log.rows)
    title = grammar.heading("Se déplacer")
    seeds = authorship.seeds(doc(title, *tree["content"]), [[(ONE, 0, 11)], *found])
    assert sorted(author for author, _data in seeds) == [ONE, TWO, THREE]
    assert authorship.blocks_by_author(seeds)[1:] == found


def test_a_long_log_is_replayed_from_where_one_stopped(log):
    half = authorship.blocks_by_author(log.rows)
    copy = Doc()
    reading.root(copy)
    for _author, data in log.rows:
        copy.apply_update(data)
    done = len(log.rows)
    log.write(TWO, doc(line(LONG), line("Une autre ligne encore.")))
    assert authorship.blocks_by_author(log.rows[done:], since=(copy, half)) == authorship.blocks_by_author(log.rows)


def test_the_editors_own_gestures_keep_the_author():
    """Enter, lists, headings, cuts by two people who write: no character of the first text changes hands."""
    base = doc(line("abcdefghij klmnopqrst"), node("bulletList", content=[node("listItem", content=[line("uvwxyz")])]))
    jobs = [{"tree": base, "seed": seed * 7919 + 1, "gestures": 6} for seed in range(1, 21)]
    for play in editor.call("write", jobs):
        rows = [(step["user"], editor.data(step["update"])) for step in play]
        made = Doc()
        reading.root(made)
        for _user, data in rows:
            made.apply_update(data)
        for block, ranges in zip(reading.tree(made)["content"], authorship.blocks_by_author(rows), strict=True):
            letters = authorship.characters(block)
            for author, start, stop in ranges:
                for letter in letters[start:stop]:
                    assert (author == 0) == (letter in "abcdefghijklmnopqrstuvwxyz "), (letter, author)


def test_a_thousand_rows_are_replayed_in_a_moment():
    draw, log = random.Random(4), Log()
    log.write(ONE, doc(*[line(LONG) for _count in range(20)]))
    for _count in range(1000):
        text = log.root.children[draw.randrange(20)].children[0]
        with log.step(draw.randrange(5)):
            text.insert(draw.randrange(6), draw.choice("xyz"), {})
    found = authorship.blocks_by_author(log.rows)
    assert sum(stop - start for ranges in found for _author, start, stop in ranges) == 20 * len(LONG) + 1000
