"""Uploads and the antivirus: refused, kept in quarantine while it is away, freed or condemned when it comes back."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from assembly.audit.models import Entry
from assembly.documents import registry
from assembly.documents.actions import uploads
from assembly.documents.models import Blob, FileText, Upload, UploadState
from assembly.files.fields import FilesField
from assembly.files.file_kinds import EVERYTHING
from tests.factories.documents import UploadFactory
from tests.files import archive
from tests.scanner import DANGER, Scanner

pytestmark = pytest.mark.django_db


@pytest.fixture
def scanner(settings):
    made = Scanner()
    settings.CLAMD_ADDRESS = made.address
    yield made
    made.stop()


@pytest.fixture
def deposit(people):
    return lambda content: uploads.accept_upload(SimpleUploadedFile("note.txt", content), by=people["officer"])


@pytest.fixture
def away(settings, scanner):
    """Yield a function that disconnects the scanner; `away.back()` connects it again."""
    address = settings.CLAMD_ADDRESS
    settings.CLAMD_ADDRESS = "tcp://127.0.0.1:1"

    def back():
        settings.CLAMD_ADDRESS = address

    return back


def verbs():
    return list(Entry.objects.order_by("pk").values_list("event_type", flat=True))


def test_without_an_antivirus_a_file_is_kept_and_said_to_be_unscanned(deposit):
    upload = deposit(b"une note")
    assert (upload.state, upload.scanned_at, upload.is_available) == (UploadState.UNSCANNED, None, True)


def test_a_clean_file_says_when_it_was_scanned(scanner, deposit):
    upload = deposit(b"une note")
    assert (upload.state, upload.is_available, scanner.asked) == (UploadState.CLEAN, True, 1)
    assert upload.scanned_at


def test_a_dangerous_file_is_not_kept(scanner, deposit):
    with pytest.raises(ValidationError) as refusal:
        deposit(b"note " + DANGER)
    assert refusal.value.code == "infected"
    assert (Upload.objects.count(), Blob.objects.count(), verbs()) == (0, 0, [])


def test_a_file_waits_in_quarantine_while_the_antivirus_is_away(away, deposit, signed_in, monkeypatch):
    monkeypatch.setattr(registry, "_upload_rules", [lambda user, upload: user.is_authenticated])
    upload = deposit(b"une note")
    assert (upload.state, upload.is_available, FileText.objects.count()) == (UploadState.WAITING, False, 0)
    answer = signed_in("member").get(f"/fichiers/{upload.public_id}")
    assert (answer.status_code, b"une note" in answer.content) == (503, False)
    assert "attend l’analyse de l’antivirus" in answer.content.decode()
    uploads.sweep()
    upload.refresh_from_db()
    assert upload.state == UploadState.WAITING
    away()
    uploads.sweep()
    upload.refresh_from_db()
    assert (upload.state, FileText.objects.count()) == (UploadState.CLEAN, 1)
    assert verbs() == ["upload.accepted", "upload.cleared"]
    assert signed_in("member").get(f"/fichiers/{upload.public_id}").content == b"une note"


def test_what_quarantine_shows_to_be_dangerous_is_never_read(away, deposit, signed_in, monkeypatch):
    monkeypatch.setattr(registry, "_upload_rules", [lambda user, upload: True])
    upload = deposit(b"note " + DANGER)
    away()
    uploads.scan(upload)
    assert (upload.state, upload.is_available, verbs()) == ("infected", False, ["upload.accepted", "upload.condemned"])
    assert signed_in("lead").get(f"/fichiers/{upload.public_id}").status_code == 404
    uploads.sweep()
    assert verbs() == ["upload.accepted", "upload.condemned"]


def test_a_stranger_does_not_learn_that_a_file_waits(away, deposit, client, monkeypatch):
    monkeypatch.setattr(registry, "_upload_rules", [])
    assert client.get(f"/fichiers/{deposit(b'une note').public_id}").status_code == 404


def test_files_kept_before_there_was_an_antivirus_are_scanned_after_those_that_wait(scanner):
    old, waiting = UploadFactory(), UploadFactory(state=UploadState.WAITING)
    withdrawn = UploadFactory(withdrawn_at="2026-01-01T00:00Z")
    uploads.sweep()
    assert list(Upload.objects.order_by("scanned_at").values_list("pk", "state")) == [
        (waiting.pk, "clean"),
        (old.pk, "clean"),
        (withdrawn.pk, "unscanned"),
    ]


def test_a_pack_is_opened_through_the_same_gate(scanner, people):
    pack = FilesField(kinds=EVERYTHING)
    content = archive({"a/Note 1.txt": "un", "b/Note 2.txt": "deux"})
    files = pack.clean([SimpleUploadedFile("dossier.zip", content)])
    kept = [uploads.accept_upload(file, by=people["officer"]) for file in files]
    assert ([upload.name for upload in kept], scanner.asked) == (["Note 1.txt", "Note 2.txt"], 2)
    with pytest.raises(ValidationError, match="Note 2"):
        pack.clean([SimpleUploadedFile("dossier.zip", archive({"Note 1.txt": "un", "Note 2.txt": DANGER}))])
