"""From a request to a sealed file: what is kept, what the app is told, and what happens when something is missing."""

import datetime
import hashlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.utils import IntegrityError, InternalError

from assembly.audit.models import Entry
from assembly.documents import queries, storage
from assembly.documents.actions import register, renditions
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Blob, Document, ManifestEntry, Rendition, Revision, Signature
from assembly.documents.seal.interface import SealUnavailable
from assembly.documents.tasks import check_blobs, render
from assembly.documents.workflow import RENDITION
from tests.assembly.documents.pages import source
from tests.factories.institution import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def term():
    return TermFactory()


def verbs():
    return list(Entry.objects.order_by("pk").values_list("event_type", flat=True))


def test_a_sealed_document_has_two_revisions_a_signature_and_a_line_in_the_register(kinds, work, term):
    rendition = request_rendition(term, "test-sheet")
    work()
    rendition.refresh_from_db()
    document = Document.objects.get()
    base, sealed = Revision.objects.order_by("number")
    assert (rendition.state, rendition.done, rendition.total, rendition.error) == ("ready", 3, 3, "")
    assert (document.reference, document.state, document.audience) == (f"TEST-{term.pk}", "sealed", "public")
    assert (base.purpose, sealed.purpose, sealed.parent, rendition.revision) == ("base", "seal", base, sealed)
    assert sealed.open().startswith(base.open())
    assert sealed.report["visas"][0]["name"] == "Odile Labatut"
    assert Signature.objects.get().level == "B-B"
    assert ManifestEntry.objects.get().sha256 == hashlib.sha256(sealed.open()).hexdigest() == sealed.sha256
    assert kinds["test-sheet"].told == [(rendition.pk, 2, term.pk)]
    assert verbs() == ["document.sealed"]


def test_a_draft_is_a_file_and_not_a_document(kinds, work, term):
    rendition = request_rendition(term, "test-draft")
    work()
    rendition.refresh_from_db()
    assert (rendition.state, rendition.revision, Document.objects.count()) == ("ready", None, 0)
    assert rendition.open().startswith(b"%PDF-1.7")
    assert kinds["test-draft"].told == [(rendition.pk, None, term.pk)]


def test_asking_twice_makes_one(kinds, work, term):
    first = request_rendition(term, "test-sheet")
    assert request_rendition(term, "test-sheet") == first
    work()
    render(first.pk)
    assert (Revision.objects.count(), Rendition.objects.count(), len(kinds["test-sheet"].told)) == (2, 1, 1)


def test_files_asked_for_together_are_made_together_and_fail_alone(kinds, term):
    kinds["test-internal"].body = "<p>Fête 🎉</p>"
    names = ["test-sheet", "test-internal", "test-draft"]
    first, second, third = renditions.request_renditions(term, names, term)
    render(first.pk, second.pk, third.pk)
    assert [row.state for row in Rendition.objects.order_by("pk")] == ["ready", "failed", "ready"]
    assert Rendition.objects.get(kind="test-internal").attempts == 1


def test_another_text_is_another_rendition_of_the_same_document(kinds, work, term):
    request_rendition(term, "test-sheet")
    work()
    kinds["test-sheet"].body = "<p>Rectifié</p>"
    request_rendition(term, "test-sheet")
    work()
    assert [(revision.number, revision.purpose) for revision in Revision.objects.order_by("number")] == [
        (1, "base"),
        (2, "seal"),
        (3, "base"),
        (4, "seal"),
    ]
    assert queries.current_revision(Document.objects.get()).number == 4


def test_an_unprintable_text_fails_with_its_sentence_and_is_asked_again_once_mended(kinds, work, term, people):
    kinds["test-sheet"].body = "<p>Fête 🎉</p>"
    rendition = request_rendition(term, "test-sheet", by=people["lead"])
    work()
    rendition.refresh_from_db()
    assert rendition.state == "failed"
    assert "U+1F389" in rendition.error
    kinds["test-sheet"].body = "<p>Fête</p>"
    again = request_rendition(term, "test-sheet", by=people["lead"])
    work()
    again.refresh_from_db()
    assert (again.state, again.error) == ("ready", "")
    assert verbs() == ["rendition.failed", "document.sealed"]


def test_a_failed_one_may_be_retried(kinds, work, term, people):
    kinds["test-draft"].body = "<p>Fête 🎉</p>"
    rendition = request_rendition(term, "test-draft", by=people["lead"])
    work()
    kinds["test-draft"].body = "<p>Fête</p>"
    rendition.refresh_from_db()
    RENDITION.transition(rendition, "retry", by=people["lead"])
    work()
    rendition.refresh_from_db()
    assert (rendition.state, rendition.error) == ("ready", "")
    assert verbs() == ["rendition.failed", "rendition.retried"]


def test_what_changed_since_it_was_asked_is_not_sealed(kinds, work, term, people):
    """The visas approve the content that was asked: a worker that comes late, or a retry, never seals another."""
    rendition = request_rendition(term, "test-sheet", by=people["lead"])
    kinds["test-sheet"].body = "<p>Bonsoir</p>"
    work()
    rendition.refresh_from_db()
    assert rendition.error.startswith("Le contenu a changé depuis la demande")
    RENDITION.transition(rendition, "retry", by=people["lead"])
    work()
    rendition.refresh_from_db()
    assert (rendition.state, Document.objects.count(), Revision.objects.count()) == ("failed", 0, 0)


def test_a_file_that_names_another_document_is_never_sealed(kinds, work, term):
    """The reference in the bytes is what binds a seal to its document."""
    kinds["test-sheet"].source = lambda subject: source("<p>Bonjour</p>", reference="AUTRE-1", seal=True)
    rendition = request_rendition(term, "test-sheet")
    with pytest.raises(ValueError, match="the file says AUTRE-1"):
        work()
    rendition.refresh_from_db()
    assert (rendition.state, Document.objects.count()) == ("failed", 0)


def test_a_missing_key_is_said_at_once(kinds, work, term, settings, tmp_path):
    """It does not come by itself: somebody has to put it there, then « Relancer »."""
    settings.SEAL_P12_FILE = str(tmp_path / "seal.p12")
    settings.LOCAL = False
    rendition = request_rendition(term, "test-sheet")
    work()
    rendition.refresh_from_db()
    assert rendition.state == "failed"
    assert rendition.error.startswith("Le fichier du cachet, seal.p12, est introuvable")


def test_what_a_dead_worker_left_is_taken_up_again(kinds, work, term):
    rendition = request_rendition(term, "test-sheet")
    assert renditions.claim_rendition(rendition)
    assert not renditions.claim_rendition(rendition)
    assert renditions.sweep() == []
    Rendition.objects.update(started_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    assert renditions.sweep() == [rendition.pk]
    work()
    rendition.refresh_from_db()
    assert (rendition.state, rendition.attempts, Revision.objects.count()) == ("ready", 2, 2)


def test_nothing_is_half_kept_when_the_app_refuses(kinds, work, term, monkeypatch):
    def refuse(*_args):
        raise SealUnavailable

    monkeypatch.setattr(kinds["test-sheet"], "on_ready", refuse)
    rendition = request_rendition(term, "test-sheet")
    work()
    rendition.refresh_from_db()
    assert (rendition.state, Document.objects.count(), ManifestEntry.objects.count()) == ("queued", 0, 0)


def test_publishing_puts_the_sealed_revision_at_its_address(kinds, work, term, people):
    request_rendition(term, "test-sheet")
    work()
    document = Document.objects.get()
    register.publish(document, by=people["lead"])
    register.publish(document, by=people["lead"])
    document.refresh_from_db()
    assert (document.state, document.published_revision.number) == ("published", 2)
    assert list(queries.published()) == [document]
    assert verbs() == ["document.sealed", "document.published"]


@pytest.mark.parametrize("who", ["member", "facilitator", "dir_contact", "stranger", "admin"])
def test_only_the_team_publishes(kinds, work, term, people, who):
    request_rendition(term, "test-sheet")
    work()
    with pytest.raises(PermissionDenied):
        register.publish(Document.objects.get(), by=people[who])
    assert not queries.published().exists()


def test_an_internal_document_is_never_published(kinds, work, term, people):
    request_rendition(term, "test-internal")
    work()
    with pytest.raises(PermissionDenied):
        register.publish(Document.objects.get(), by=people["lead"])
    with pytest.raises(IntegrityError), transaction.atomic():
        register.publish(Document.objects.get(), by=None)


def test_a_document_without_its_promised_timestamp_is_not_published(kinds, work, term, people, settings):
    settings.TSA_URL = "http://127.0.0.1:9/tsa"
    request_rendition(term, "test-sheet")
    for _attempt in range(3):
        work()
    document = Document.objects.get()
    assert document.state == "signed_without_timestamp"
    with pytest.raises(ValidationError, match="horodatage"):
        register.publish(document, by=people["lead"])


@pytest.mark.parametrize("model", [Revision, Signature, ManifestEntry])
def test_the_register_refuses_change_and_deletion(kinds, work, term, model):
    request_rendition(term, "test-sheet")
    work()
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in ("UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
        table, key = model._meta.db_table, model._meta.pk.column
        with pytest.raises((InternalError, IntegrityError), match="append-only"), transaction.atomic():
            with transaction.get_connection().cursor() as cursor:
                cursor.execute(statement.format(table, key, key))


def test_bytes_are_written_once_read_only_and_checked(kinds, work, term, caplog):
    request_rendition(term, "test-sheet")
    work()
    blob = Blob.objects.first()
    path = storage.path_of(blob.pk)
    assert path.stat().st_mode & 0o777 == 0o444
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content[:-1] + b"x")
    with pytest.raises(storage.BlobDamaged):
        blob.open()
    check_blobs()
    assert blob.pk in caplog.text
    path.unlink()
    with pytest.raises(storage.BlobDamaged):
        blob.open()


def test_the_manifest_is_a_chain(kinds, work, term):
    request_rendition(term, "test-sheet")
    request_rendition(term, "test-internal")
    work()
    first, second = ManifestEntry.objects.all()
    assert (first.seq, second.seq, first.prev_hash, second.prev_hash) == (1, 2, "0" * 64, first.entry_hash)
    assert second.entry_hash == hashlib.sha256((first.entry_hash + second.canonical).encode()).hexdigest()
    assert len(list(queries.manifest_lines())) == 2


def test_the_head_of_the_register_is_noted_once(kinds, work, term):
    assert register.seal_manifest() is None
    request_rendition(term, "test-sheet")
    work()
    head = register.seal_manifest()
    assert (head.upto_id, head.entry_hash) == (1, ManifestEntry.objects.get().entry_hash)
    assert register.seal_manifest() is None
    assert '"head":1' in list(queries.manifest_lines())[-1]
    assert verbs() == ["document.sealed", "register.sealed"]


def test_files_that_are_no_documents_are_deleted_after_a_month(kinds, work, term):
    request_rendition(term, "test-draft")
    request_rendition(term, "test-sheet")
    work()
    assert renditions.delete_expired() == 0
    path = storage.path_of(Rendition.objects.get(kind="test-draft").blob_id)
    Rendition.objects.update(finished_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    assert renditions.delete_expired() == 1
    assert (path.exists(), Rendition.objects.get().kind, Blob.objects.count()) == (False, "test-sheet", 2)
