"""« Vérifier un document »: five answers, by file and by reference, and nothing kept of what was sent."""

import json
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

from assembly.documents import storage
from assembly.documents.actions import checks, register
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Check, Document, Revision
from assembly.documents.registry import RecordedVisa
from assembly.documents.tasks import read_unknown_file
from tests.assembly.documents.views.verifying import age, by_hash, incoming, sealed, send
from tests.factories.institution import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def term():
    return TermFactory()


@pytest.fixture
def document(published_once, found):
    """Return a published document with a verified seal."""
    return found(published_once)


def test_authentic_and_current(client, document):
    page = by_hash(client, sealed()[0].sha256)
    assert "Ce document est authentique et à jour" in page
    assert "Odile Labatut" in page
    assert "Sans horodatage." in page
    assert "Inscription 1 du registre public." in page
    assert f"/publications/{document.reference}.pdf" in page


def test_authentic_but_superseded(client, document, kinds, term, work, people, check_seals):
    kinds["test-sheet"].body = "<p>Rectifié</p>"
    request_rendition(term, "test-sheet")
    work()
    check_seals()
    first, second = sealed()
    assert "authentique et à jour" in by_hash(client, first.sha256)
    register.publish(Document.objects.get(), by=people["lead"])
    assert "authentique, mais il a été remplacé" in by_hash(client, first.sha256)
    assert "authentique et à jour" in by_hash(client, second.sha256)


def test_an_earlier_unfinished_revision(client, document):
    assert "étape antérieure, incomplète" in by_hash(client, Revision.objects.get(number=1).sha256)


def test_unknown_bytes(client, document):
    page = by_hash(client, "0" * 64)
    assert "Nous ne connaissons pas ce fichier" in page
    assert "Envoyer le fichier" in page
    for junk in ("x", "0" * 63, "é" * 64, "<script>"):
        assert "Nous ne connaissons pas ce fichier" in by_hash(client, junk)


def test_a_known_file_sent_whole_is_answered_at_once(client, document, settings):
    answer = send(client, sealed()[0].open())
    assert "Ce document est authentique et à jour" in answer.content.decode()
    assert (Check.objects.count(), incoming(settings)) == (0, [])


def altered(content):
    place = content.index(b"\n", 2000)
    return content[:place] + b" " + content[place + 1 :]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (altered, "Attention, ce document a été modifié"),
        (lambda content: content + b"\n% encore", "Attention, ce document a été modifié"),
        (lambda _content: b"%PDF-1.7\nrien", "Nous ne connaissons pas ce fichier"),
        (lambda _content: b"MZ\x90\x00", "Nous ne connaissons pas ce fichier"),
    ],
    ids=["one byte", "appended", "broken", "program"],
)
def test_an_unknown_file_is_read_by_a_worker_then_deleted(client, document, settings, change, sentence):
    answer = send(client, change(sealed()[0].open()))
    check = Check.objects.get()
    assert "Nous lisons votre fichier." in answer.content.decode()
    assert len(incoming(settings)) == 1
    read_unknown_file(check.pk)
    read_unknown_file(check.pk)
    page = client.get(f"/verifier/envoi/{check.public_id}/").content.decode()
    assert sentence in page
    assert incoming(settings) == []


def test_by_reference(client, document):
    assert client.get(f"/v/{document.reference}").headers["Location"] == f"/verifier/{document.reference}/"
    page = client.get(f"/verifier/?reference= {document.reference.lower()} ", follow=True).content.decode()
    assert "Cette référence désigne un document à jour" in page
    assert "Compte rendu de la séance" in page
    assert "Nous ne connaissons pas cette référence" in client.get("/verifier/AC9-2026-99/").content.decode()
    assert "Nous ne connaissons pas cette référence" in client.get("/verifier/?reference=<b>").content.decode()


def test_a_newer_seal_of_a_published_document_stays_unread(client, document, kinds, term, work, check_seals):
    kinds["test-sheet"].visas = lambda subject: [
        RecordedVisa("Renée Faure", "secrétaire", "2026-07-01T10:00:00+02:00")
    ]
    kinds["test-sheet"].body = "<p>Rectifié</p>"
    request_rendition(term, "test-sheet")
    work()
    check_seals()
    page = by_hash(client, sealed()[1].sha256)
    assert "Ce document est authentique et à jour" in page
    assert "Renée Faure" not in page
    assert "ecrétaire" not in page


def test_unknown_files_are_limited_by_address(client, document):
    for number in range(10):
        assert send(client, b"%%PDF-1.7 %d" % number).status_code == 200
    assert send(client, b"%PDF-1.7 de trop").status_code == 429
    assert Check.objects.count() == 10
    assert send(client, sealed()[0].open()).status_code == 200


def test_a_file_that_nobody_read_in_time_is_deleted_and_not_said_to_be_a_strangers(client, document, settings):
    where = send(client, b"%PDF-1.7 perdu").redirect_chain[0][0]
    age(16)
    checks.sweep()
    page = client.get(where).content.decode()
    assert "Ce fichier n’a pas pu être lu jusqu’au bout" in page
    assert "Il ne vient pas de nous" not in page
    assert incoming(settings) == []
    age(25 * 60)
    checks.sweep()
    assert Check.objects.count() == 0


def test_an_answer_is_given_again_once_the_roots_have_changed(client, document, settings, tmp_path, check_seals):
    Check.objects.create(sha256=sealed()[0].sha256, size=1, state="done", verdict="current")
    where = f"/verifier/envoi/{Check.objects.get().public_id}/"
    assert "Ce document est authentique et à jour" in client.get(where).content.decode()
    root = tmp_path / "root.pem"
    root.write_bytes(Path(settings.SEAL_TRUST_FILE).read_bytes() + b"\n")
    settings.SEAL_TRUST_FILE = str(root)
    assert "Nous vérifions le cachet de ce document." in client.get(where).content.decode()
    check_seals()
    assert "Ce document est authentique et à jour" in client.get(where).content.decode()


def test_the_page_alone_and_the_register(client, document):
    assert "Vérifier le fichier" in client.get("/verifier/").content.decode()
    lines = b"".join(client.get("/publications/registre.jsonl").streaming_content).decode().splitlines()
    assert len(lines) == 1
    assert storage.content_digest(sealed()[0].open()) in lines[0]


def test_the_register_is_sent_as_it_is_made(client, document):
    """Under ASGI a plain StreamingHttpResponse gathers every line in memory first, and warns."""

    async def pieces(answer):
        return [piece async for piece in answer]

    lines = b"".join(async_to_sync(pieces)(client.get("/publications/registre.jsonl"))).decode().splitlines()
    assert [json.loads(line)["previous"] for line in lines] == ["0" * 64]
