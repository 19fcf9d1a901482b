"""The words of deposited files: what a worker reads in each kind, what it says of those it cannot read."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly.documents import storage
from assembly.documents.actions import extracts, uploads
from assembly.documents.models import ExtractionState, FileText, UploadState, delete_unused_blob, store_blob
from assembly.documents.queries import text_of
from assembly.documents.signals import text_read
from assembly.documents.tasks import read_text
from tests.factories.documents import UploadFactory
from tests.files import OPEN_DOCUMENT, pdf, sheet, word

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposit(people):
    def give(content, name="note.pdf"):
        return uploads.accept_upload(SimpleUploadedFile(name, content), by=people["officer"])

    return give


def extract_of(upload):
    return FileText.objects.filter(blob=upload.blob_id).first()


def test_a_deposited_file_is_read_by_a_worker(deposit):
    upload = deposit(pdf("Le schéma de l’autonomie\nest « à l’étude »", "Page deux"))
    assert (text_of(upload), extract_of(upload).state) == ("", ExtractionState.QUEUED)
    read_text(upload.blob_id)
    assert text_of(upload) == "Le schéma de l’autonomie\nest « à l’étude »\nPage deux"
    assert extract_of(upload).state == ExtractionState.READY


def test_the_same_bytes_are_read_once(deposit):
    content = word("Bonjour")  # once: an archive carries the moment at which it was made
    first, second = deposit(content), deposit(content)
    read_text(first.blob_id)
    read_text(first.blob_id)
    assert FileText.objects.get().attempts == 1
    assert (text_of(first), text_of(second)) == ("Bonjour", "Bonjour")


def test_a_picture_has_no_words(deposit):
    upload = UploadFactory(blob=store_blob(b"picture", "image/png"))
    assert extracts.request_text(upload) is None
    assert (extract_of(upload), text_of(upload)) == (None, "")


def test_a_scanned_page_is_read_and_found_without_words(deposit):
    upload = deposit(pdf("\n"))
    read_text(upload.blob_id)
    assert (extract_of(upload).state, extract_of(upload).text) == (ExtractionState.READY, "")


def test_what_cannot_be_read_is_a_state(deposit):
    heard = []
    text_read.connect(lambda text, **_: heard.append((text.state, text.failure)), weak=False, dispatch_uid="test")
    locked = UploadFactory(blob=store_blob(pdf("Secret", password="sésame"), "application/pdf"))
    broken = UploadFactory(blob=store_blob(b"PK\x03\x04", f"{OPEN_DOCUMENT}text"))
    lost = UploadFactory(blob=store_blob(b"perdu", "text/plain"))
    storage.remove_blob(lost.blob_id)
    for upload in (locked, broken, lost):
        read_text(extracts.request_text(upload).pk)
    text_read.disconnect(dispatch_uid="test")
    assert heard == [("failed", "locked"), ("failed", "damaged"), ("failed", "damaged")]
    assert [text_of(file) for file in (locked, broken, lost)] == ["", "", ""]


def test_words_of_a_withdrawn_file_stay_hidden(deposit):
    shown = deposit(sheet("Budget", "Voirie"))
    withdrawn = deposit(sheet("Budget", "Voirie"))
    uploads.withdraw(withdrawn, by=withdrawn.uploaded_by)
    read_text(shown.blob_id)
    assert (text_of(shown), text_of(withdrawn)) == ("Voirie\nBudget", "")


@pytest.mark.parametrize("state", [UploadState.WAITING, UploadState.INFECTED])
def test_words_of_a_file_that_nobody_may_read_stay_hidden(deposit, state):
    upload = deposit(word("Bonjour"))
    read_text(upload.blob_id)
    upload.state = state
    upload.scanned_at = timezone.now() if state == UploadState.INFECTED else None
    upload.save()
    assert text_of(upload) == ""


def test_the_sweeper_takes_up_what_a_dead_worker_left(deposit, django_capture_on_commit_callbacks):
    upload, tired = deposit(word("Bonjour")), deposit(word("Trois fois"))
    old = timezone.now() - timedelta(minutes=4)
    FileText.objects.filter(blob=upload.blob_id).update(state=ExtractionState.READING, started_at=old, attempts=1)
    FileText.objects.filter(blob=tired.blob_id).update(state=ExtractionState.READING, started_at=old, attempts=3)
    with django_capture_on_commit_callbacks() as sent:
        extracts.sweep()
    hinted = [call.args for call in sent if isinstance(call, partial)]  # the others mark row locks
    assert (extract_of(upload).state, extract_of(tired).failure) == ("queued", "heavy")
    assert hinted == [(extracts.TASK, extract_of(upload).pk)]


def test_files_older_than_the_reader_are_read_too(django_capture_on_commit_callbacks):
    upload = UploadFactory(blob=store_blob(b"une note", "text/plain"))
    UploadFactory(blob=store_blob(b"picture", "image/png"))
    with django_capture_on_commit_callbacks() as sent:
        extracts.sweep()
    assert ([text.pk for text in FileText.objects.all()], len(sent)) == ([upload.blob_id], 1)


def test_the_words_leave_with_the_bytes(deposit):
    upload = deposit(word("Bonjour"))
    blob = upload.blob
    upload.delete()
    delete_unused_blob(blob)
    assert FileText.objects.count() == 0
