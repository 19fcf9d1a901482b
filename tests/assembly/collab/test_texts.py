"""A text from its first words to its freeze, on the server's side."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from assembly.audit.models import Entry
from assembly.collab.actions import texts
from assembly.collab.document import plain_text, writing
from assembly.collab.models import SharedText, TextRight, TextState, TextVersion, Update, UpdateKind
from assembly.collab.queries import tree_of
from assembly.workflow import StateConflict
from tests.assembly.collab.conftest import KIND, paragraphs
from tests.factories.institution import AssemblyFactory

pytestmark = pytest.mark.django_db


def lines_of(text, seq=None):
    return [line for line in plain_text.to_text(tree_of(text, seq)).splitlines() if line]


def add(*lines):
    return lambda doc: writing.append_blocks(doc, paragraphs(*lines))


def test_each_run_is_a_row_of_its_author(someone):
    one, two = someone(), someone()
    text = texts.create(
        KIND,
        title="Des logements",
        assembly=AssemblyFactory(),
        runs=[(one, paragraphs("Un")), (two, paragraphs("Deux", "Trois"))],
        by=one,
    )
    rows = list(Update.objects.filter(text=text).values_list("seq", "author", "kind"))
    assert rows == [(1, one.pk, UpdateKind.SEED), (2, two.pk, UpdateKind.SEED)]
    assert (text.last_seq, lines_of(text), lines_of(text, 1)) == (2, ["Un", "Deux", "Trois"], ["Un"])


def test_a_text_without_words_has_one_paragraph(new_text):
    text = new_text()
    assert [node["type"] for node in tree_of(text)["content"]] == ["paragraph"]


def test_the_server_edits_in_the_name_of_who_may(new_text, someone):
    author, reader = someone(), someone(TextRight.READ)
    text = new_text("Un", by=author)
    assert texts.edit(text, add("Deux"), by=author) == 2
    assert texts.edit(text, lambda doc: None, by=author) == 2
    with pytest.raises(PermissionDenied):
        texts.edit(text, add("Trois"), by=reader)
    assert (lines_of(text), SharedText.objects.get(pk=text.pk).last_seq) == (["Un", "Deux"], 2)


def test_freeze_keeps_a_version_that_the_rows_give_again(new_text, someone):
    author = someone()
    text = new_text("Un", by=author)
    texts.edit(text, add("Deux"), by=author)
    version = texts.freeze(text, label="Déposé", by=author)
    assert (version.number, version.label, version.upto_seq, version.authors) == (1, "Déposé", 2, [author.pk])
    assert version.plain_text.splitlines()[0] == "Un"
    assert texts.tree_digest(tree_of(text)) == version.sha256
    text.refresh_from_db()
    assert text.state == TextState.FROZEN
    assert text.frozen_at is not None
    with pytest.raises(StateConflict):
        texts.edit(text, add("Trop tard"), by=author)
    with pytest.raises(StateConflict):
        texts.freeze(text, by=author)
    assert list(Entry.objects.order_by("pk").values_list("event_type", flat=True)) == ["text.created", "text.frozen"]


def test_a_frozen_text_opens_again(new_text, someone):
    author = someone()
    text = new_text("Un", by=author)
    texts.freeze(text, by=author)
    texts.open_again(text, by=author)
    texts.edit(text, add("Deux"), by=author)
    texts.annotate(text, by=author)
    with pytest.raises(StateConflict):
        texts.edit(text, add("Trois"), by=author)
    assert lines_of(text) == ["Un", "Deux"]


def test_a_restored_version_is_a_new_one(new_text, someone):
    author = someone()
    text = new_text("Un", "Deux", by=author)
    first = texts.take_version(text, label="Premier jet", by=author)
    texts.edit(text, add("Trois"), by=author)
    restored = texts.restore(first, by=author)
    assert (lines_of(text), restored.number, restored.sha256) == (["Un", "Deux"], 3, first.sha256)
    assert [row.number for row in TextVersion.objects.filter(text=text)] == [3, 2, 1]
    told = Entry.objects.filter(event_type__in=["text.version_taken", "text.restored"]).order_by("pk")
    assert list(told.values_list("event_type", "facts")) == [
        ("text.version_taken", {"version": 1, "sha256": first.sha256}),
        ("text.version_taken", {"version": 2, "sha256": TextVersion.objects.get(text=text, number=2).sha256}),
        ("text.restored", {"version": 3, "restored": 1, "sha256": first.sha256}),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: Update.objects.filter(text=text).update(seq=9),
        lambda text: Update.objects.filter(text=text).delete(),
        lambda text: TextVersion.objects.filter(text=text).update(label="Autre"),
        lambda text: TextVersion.objects.filter(text=text).delete(),
    ],
)
def test_the_database_refuses_to_rewrite(new_text, someone, change):
    author = someone()
    text = new_text("Un", by=author)
    texts.take_version(text, label="Jet", by=author)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(text)


def test_who_wrote_what_is_written_once(new_text, someone):
    author = someone()
    version = texts.take_version(new_text("Un", by=author), label="Jet", by=author)
    TextVersion.objects.filter(pk=version.pk).update(passages=[[]])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TextVersion.objects.filter(pk=version.pk).update(passages=[])
