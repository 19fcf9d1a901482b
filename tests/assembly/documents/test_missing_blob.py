"""A file that the database names and that the disk has lost: a sentence for the reader, an error for the operator."""

import io
import zipfile

import pytest
from django.urls import reverse

from assembly.documents import storage
from assembly.documents.actions import register
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, Rendition, Revision, store_blob
from assembly.documents.responses import packed_upload, zip_of
from assembly.documents.tasks import check_seal, complete_timestamps
from sessions.models import AgendaDocument
from tests.factories.documents import UploadFactory
from tests.factories.institution import TermFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db


def lose(sha256):
    storage.path_of(sha256).unlink()


def change(sha256):
    path = storage.path_of(sha256)
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.7 autre chose")


@pytest.fixture
def document(kinds, work, people):
    request_rendition(TermFactory(), "test-sheet", by=people["officer"])
    work()
    found = Document.objects.get()
    register.publish(found, by=None)
    return found


def told_missing(answer, caplog, sha256):
    """Return whether the answer is a 503 with plain text only, and one logged error names the file."""
    page = answer.content.decode()
    told = [record for record in caplog.records if record.name == "assembly.documents"]
    errors = [(record.levelname, sha256 in record.getMessage()) for record in told]
    words = ("Ce fichier manque sur notre serveur" in page, sha256 in page)
    return (answer.status_code, words, errors) == (503, (True, False), [("ERROR", True)])


@pytest.mark.parametrize("spoil", [lose, change])
def test_a_published_document(client, document, spoil, caplog):
    sha256 = Revision.objects.get(purpose="seal").sha256
    spoil(sha256)
    assert told_missing(client.get(f"/publications/{document.reference}.pdf"), caplog, sha256)


def test_a_document_in_a_room(client, document, signed_in, caplog):
    sha256 = Revision.objects.get(purpose="seal").sha256
    lose(sha256)
    officer = signed_in("officer")
    assert told_missing(officer.get(reverse("documents:document-file", args=[document.reference])), caplog, sha256)
    caplog.clear()
    job = Rendition.objects.get()
    assert told_missing(officer.get(reverse("documents:rendition-file", args=[job.public_id])), caplog, sha256)


def test_a_deposited_file(people, signed_in, caplog):
    upload = UploadFactory(uploaded_by=people["officer"])
    AgendaDocument.objects.create(sitting=SittingFactory(term=people.term), upload=upload, title="Note")
    storage.path_of(upload.blob_id).unlink(missing_ok=True)
    address = reverse("documents:upload", args=[upload.public_id])
    assert told_missing(signed_in("officer").get(address), caplog, upload.blob_id)


def test_a_fragment_gets_the_sentence_alone(client, document, caplog):
    lose(Revision.objects.get(purpose="seal").sha256)
    answer = client.get(f"/publications/{document.reference}.pdf", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert answer["HX-Retarget"] == "#messages"


def test_verification_says_so_and_a_sent_copy_is_judged_by_its_own_bytes(client, document, check_seals, caplog):
    check_seals()
    sealed = Revision.objects.get(purpose="seal")
    base = Revision.objects.get(purpose="base")
    lose(sealed.sha256)
    assert (
        "Ce document est authentique et à jour" in client.get(f"/verifier/?empreinte={sealed.sha256}").content.decode()
    )
    assert told_missing(client.get(f"/verifier/?empreinte={base.sha256}"), caplog, sealed.sha256)


def test_a_seal_to_read_in_a_lost_file_is_an_error_and_no_verdict(client, document, caplog):
    sealed = Revision.objects.get(purpose="seal")
    lose(sealed.sha256)
    check_seal(sealed.sha256)
    assert [sealed.sha256 in record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [True]
    assert "Nous vérifions le cachet" in client.get(f"/verifier/?empreinte={sealed.sha256}").content.decode()


def test_one_lost_file_of_several_leaves_the_others_in_the_archive(caplog):
    kept = UploadFactory(name="budget.txt", blob=store_blob(b"trois pages", "text/plain"))
    lost = UploadFactory(name="plan.txt", blob=store_blob(b"une page", "text/plain"))
    storage.path_of(lost.blob_id).unlink(missing_ok=True)
    content = storage.path_of(kept.blob_id).read_bytes()
    with zipfile.ZipFile(io.BytesIO(b"".join(zip_of([packed_upload(lost), packed_upload(kept)])))) as archive:
        first, second = archive.namelist()
        assert archive.read(second) == content
        assert "Ce fichier manque sur notre serveur" in archive.read(first).decode()
        assert first == "01-plan-manquant.txt"
    assert [lost.blob_id in record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [True]


def test_a_lost_file_keeps_no_other_from_its_timestamp(kinds, work, caplog, settings):
    for kind in ("test-sheet", "test-internal"):
        request_rendition(TermFactory(), kind)
    work()
    Document.objects.update(state="signed_without_timestamp")
    first, second = Document.objects.order_by("pk")
    lose(Revision.objects.get(document=first, purpose="seal").sha256)
    complete_timestamps()
    messages = [record.getMessage() for record in caplog.records if record.name == "assembly.documents"]
    assert any(first.reference in message for message in messages)
    assert "the time-stamping authority does not answer" in messages
