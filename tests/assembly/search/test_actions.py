"""The index follows the journal, heals in the night, and is written once."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assembly.audit.actions import record
from assembly.audit.models import Link
from assembly.documents.models import ExtractionState, FileText
from assembly.documents.signals import text_read
from assembly.identity import actions as identity
from assembly.search import actions, tasks
from assembly.search.models import JournalMark, SearchEntry, SearchWordEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source, source_of, sources
from assembly.search.text import BODY_LENGTH
from tests.assembly.search.indexing import entry, index_everything
from tests.factories.documents import DocumentFactory
from tests.factories.members import MandateFactory

pytestmark = pytest.mark.django_db


def commit():
    """Fire the deferred trigger that numbers the lines of the journal, as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def noted(document, verb="document.published"):
    record(verb, document, by=None)
    commit()


def test_every_kind_is_registered_in_the_order_of_the_filters():
    known = ["sitting", "minutes", "member", "publication", "paper"]
    assert [source.kind for source in sources() if source.kind in known] == known


def test_two_sources_of_one_kind_are_refused():
    known = source_of("publication")
    with pytest.raises(ValueError, match="Two sources"):
        add_search_source(type("Another", (SearchSource,), {"kind": known.kind}))
    add_search_source(type(known))


def test_what_the_journal_notes_is_indexed_once():
    document = DocumentFactory(published=True, title="Rapport sur la voirie")
    noted(document)
    assert actions.catch_up() is False
    assert entry().title == "Rapport sur la voirie"
    assert JournalMark.objects.get().seq == Link.objects.latest("seq").seq
    SearchEntry.objects.all().delete()
    tasks.sweep()
    assert not SearchEntry.objects.exists()


def test_a_long_journal_is_read_in_several_times(monkeypatch):
    monkeypatch.setattr(actions, "LINES", 2)
    documents = DocumentFactory.create_batch(3, published=True)
    for document in documents:
        noted(document)
    answers = [actions.catch_up()]
    while answers[-1]:
        answers.append(actions.catch_up())
    assert answers == [True, False]
    assert SearchEntry.objects.count() == 3


def test_an_object_that_cannot_be_read_does_not_stop_the_others(monkeypatch, caplog):
    bad, good = DocumentFactory(published=True, title="Illisible"), DocumentFactory(published=True, title="Lisible")
    source = source_of("publication")
    tell = type(source).entries

    def entries(self, subject):
        if subject.pk == bad.pk:
            raise RuntimeError
        return tell(self, subject)

    monkeypatch.setattr(type(source), "entries", entries)
    index_everything("publication")
    assert list(SearchEntry.objects.values_list("object_id", flat=True)) == [str(good.pk)]
    assert "cannot be indexed" in caplog.text


def test_nothing_is_written_when_nothing_changed():
    DocumentFactory.create_batch(3, published=True)
    assert [(lot[0].kind, *lot[1:]) for lot in actions.reindex_all(["publication"])] == [("publication", 3, 3)]
    with CaptureQueriesContext(connection) as seen:
        assert [lot[2] for lot in actions.reindex_all(["publication"])] == [0]
    assert not [query for query in seen if query["sql"].startswith(("INSERT", "UPDATE"))]


def test_what_is_gone_or_replaced_leaves_the_index():
    old, new = DocumentFactory.create_batch(2, published=True)
    index_everything()
    old.superseded_by = new
    old.save()
    index_everything()
    assert list(SearchEntry.objects.values_list("object_id", flat=True)) == [str(new.pk)]


def test_what_is_removed_is_counted_by_entries_and_not_with_their_words():
    old, new = DocumentFactory.create_batch(2, published=True, title="Transports scolaires du canton")
    index_everything()
    assert SearchWordEntry.objects.filter(entry__object_id=old.pk).count() > 1
    old.superseded_by = new
    old.save()
    assert [lot[1:] for lot in actions.reindex_all(["publication"])] == [(1, 1)]


def test_a_kind_that_no_app_tells_any_more_leaves_the_index():
    DocumentFactory(published=True)
    index_everything()
    SearchEntry.objects.update(kind="forgotten")
    index_everything("publication")
    assert set(SearchEntry.objects.values_list("kind", flat=True)) == {"forgotten", "publication"}
    index_everything()
    assert set(SearchEntry.objects.values_list("kind", flat=True)) == {"publication"}


def test_an_audience_that_is_told_nothing_any_more_leaves_the_index():
    document = DocumentFactory(published=True)
    index_everything()
    SearchEntry.objects.create(
        kind="publication", object_id=document.pk, audience="former", title="x", vector="", title_vector=""
    )
    index_everything()
    assert entry().audience == ""


def test_long_and_strange_texts_are_kept_within_limits():
    DocumentFactory(published=True, title="Nul\x01 et \ue000marque\ue001   double")
    text, _new = FileText.objects.get_or_create(blob=source_of("publication").objects().get().published_revision.blob)
    words = " ".join(f"mot{number:06}" for number in range(60_000))
    FileText.objects.filter(pk=text.pk).update(text=words, state=ExtractionState.READY, read_at="2026-01-01T00:00Z")
    index_everything()
    assert entry().title == "Nul et marque double"
    assert len(entry().body) == BODY_LENGTH


def test_the_words_of_a_publication_come_from_its_file(django_capture_on_commit_callbacks):
    document = DocumentFactory(published=True)
    index_everything()
    text = FileText.objects.get(blob=document.published_revision.blob)
    assert entry().body == ""
    with transaction.atomic():
        FileText.objects.filter(pk=text.pk).update(
            text="Le reste à charge", state=ExtractionState.READY, read_at="2026-01-01T00:00Z"
        )
        with django_capture_on_commit_callbacks() as hints:
            text_read.send(sender=FileText, text=text)
    assert len(hints) == 1
    tasks.reindex("publication", str(document.pk))
    assert entry().body == "Le reste à charge"


def test_a_task_of_a_forgotten_kind_does_nothing():
    tasks.reindex("forgotten", "1")
    assert not SearchEntry.objects.exists()


def test_the_command_tells_what_it_read(capsys):
    DocumentFactory(published=True)
    call_command("reindex_search", "publication")
    assert capsys.readouterr().out == "Publications : 1 lus, 1 entrées récrites\n"


def test_whoever_is_erased_is_found_no_more(people):
    mandate = MandateFactory(member__person__first_name="Gisèle", member__person__last_name="Rouquette")
    index_everything()
    assert SearchEntry.objects.filter(kind="member").count() == 2
    identity.erase(mandate.member.person, by=people["dpo"])
    assert not SearchEntry.objects.filter(kind="member").exists()
    index_everything()
    assert not SearchEntry.objects.filter(kind="member").exists()


def test_an_entry_needs_only_a_title():
    assert IndexEntry("Titre") == IndexEntry(title="Titre", body="", audience="", reference="", term_id=None)
