"""What the worker does: snapshots that never lose anything, who wrote what, the list of suggestions."""

from datetime import timedelta

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from assembly.collab.actions import texts, upkeep
from assembly.collab.engine.copy import load
from assembly.collab.models import SharedText, Snapshot, Suggestion, SuggestionState, TextVersion, Update, UpdateKind
from assembly.collab.queries import tree_of

pytestmark = pytest.mark.django_db


class Log:
    """Writes many rows into a text as a browser would send them, without asking anybody."""

    def __init__(self, text, author):
        self.text, self.author = text, author
        self.doc = load(text.pk).doc
        self.root = self.doc.get("default", type=XmlFragment)
        self.rows = []

    def change(self, edit):
        before = self.doc.get_state()
        edit(self.root)
        self.rows.append(self.doc.get_update(before))

    def keep(self, *, without=()):
        last = self.text.last_seq
        kept = [data for at, data in enumerate(self.rows) if at not in without]
        Update.objects.bulk_create(
            Update(text=self.text, seq=seq, data=data, author=self.author, kind=UpdateKind.LIVE)
            for seq, data in enumerate(kept, last + 1)
        )
        self.text.last_seq = last + len(kept)
        self.text.save(update_fields=["last_seq"])
        self.rows = []


def typing(log, count):
    """Append that many key strokes: every tenth is undone, every fiftieth begins a paragraph."""
    for number in range(count):
        text = log.root.children[0].children[0]
        if number % 10 == 9:
            log.change(lambda root, text=text: text.__delitem__(slice(0, 1)))
        elif number % 50 == 49:
            log.change(lambda root: root.children.append(XmlElement("paragraph", {}, [XmlText("é🌳")])))
        else:
            log.change(lambda root, text=text, number=number: text.insert(0, chr(97 + number % 26)))


@pytest.fixture
def log(new_text, someone):
    author = someone()
    return Log(new_text("Un texte", by=author), author)


def test_a_snapshot_and_all_rows_give_the_same_text(log):
    typing(log, upkeep.MANY_ROWS + 1)
    log.keep()
    assert upkeep.compact_due() == 1
    assert Snapshot.objects.get().upto_seq == log.text.last_seq == upkeep.MANY_ROWS + 2
    typing(log, 20)
    log.keep()
    assert upkeep.compact_due() == 0
    opened, rebuilt = load(log.text.pk), load(log.text.pk, from_rows=True)
    assert opened.tree == rebuilt.tree == tree_of(log.text)
    assert opened.doc.get_update() == rebuilt.doc.get_update()
    assert Update.objects.count() == log.text.last_seq
    middle = load(log.text.pk, seq=300)
    assert (middle.seq, middle.known != opened.known) == (300, True)


def test_opening_reads_the_rows_above_the_snapshot_alone(log, django_assert_num_queries):
    typing(log, 30)
    log.keep()
    upkeep.compact(log.text)
    with django_assert_num_queries(2):
        load(log.text.pk)


def test_a_log_with_a_gap_is_never_summed_up(log):
    typing(log, 5)
    log.keep(without=[2])
    assert upkeep.compact(log.text) is False
    assert Snapshot.objects.count() == 0


def test_a_calm_text_is_summed_up_too(log, monkeypatch):
    typing(log, 5)
    log.keep()
    assert upkeep.compact_due() == 0
    monkeypatch.setattr(upkeep, "CALM", timedelta(0))
    assert (upkeep.compact_due(), upkeep.compact_due()) == (1, 0)


def test_who_wrote_what_survives_an_enter_by_somebody_else(log, someone):
    second = someone()
    assert upkeep.attribute_due() == 0
    first_version = texts.take_version(log.text, label="Jet", by=log.author)
    assert upkeep.attribute_due() == 1

    def press_enter(doc: Doc):
        root = doc.get("default", type=XmlFragment)
        text = root.children[0].children[0]
        del text[3:8]
        root.children.insert(1, XmlElement("paragraph", {}, [XmlText("texte")]))

    texts.edit(log.text, press_enter, by=second)
    version = texts.take_version(log.text, label="Après", by=second)
    assert version.authors == [log.author.pk, second.pk]
    assert upkeep.attribute_due() == 1
    first_version.refresh_from_db()
    version.refresh_from_db()
    assert first_version.passages == [[[log.author.pk, 0, 8]]]
    assert version.passages == [[[log.author.pk, 0, 3]], [[log.author.pk, 0, 5]]]
    alone = TextVersion(text=log.text, number=99, upto_seq=version.upto_seq)
    found = upkeep.attribution_of(alone, None)
    assert [[list(passage) for passage in block] for block in found] == version.passages


def test_the_list_of_suggestions_follows_the_marks(log, someone):
    author = someone()

    def insert(mark_id, words):
        return lambda root: root.children[0].children[0].insert(0, words, {"insertion": {"id": mark_id}})

    log.change(insert(f"{author.pk}-a-1", "Oui "))
    log.change(insert("zz", "Non "))
    log.keep()
    assert upkeep.list_suggestions() == 1
    rows = list(Suggestion.objects.values_list("mark_id", "author", "state", "quote"))
    assert sorted(rows) == sorted(
        [(f"{author.pk}-a-1", author.pk, SuggestionState.OPEN, "Oui"), ("zz", None, SuggestionState.OPEN, "Non")]
    )
    assert upkeep.list_suggestions() == 0
    log.change(lambda root: root.children[0].children[0].__delitem__(slice(0, 4)))
    log.keep()
    upkeep.list_suggestions()
    assert Suggestion.objects.get(mark_id="zz").state == SuggestionState.WITHDRAWN
    text = SharedText.objects.get(pk=log.text.pk)
    assert text.listed_seq == text.last_seq
