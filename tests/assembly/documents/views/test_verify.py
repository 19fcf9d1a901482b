"""« Vérifier un document »: five answers, by file and by reference, and nothing kept of what was sent."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assembly.documents.actions import checks, publications
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Check, Document, Revision, storage
from assembly.documents.registry import RecordedVisa
from assembly.documents.tasks import read_unknown_file
from tests.factories.institution import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def term():
    return TermFactory()


@pytest.fixture
def document(kinds, work, term, people, check_seals):
    """A published document whose seal a worker has read."""
    request_rendition(term, "test-sheet")
    work()
    check_seals()
    found = Document.objects.get()
    publications.publish(found, by=people["lead"])
    return found


@pytest.fixture
def internal(kinds, work, term, check_seals):
    """A sealed document that is not published."""
    request_rendition(term, "test-internal")
    work()
    check_seals()
    return Document.objects.get()


def sealed():
    return Revision.objects.filter(purpose="seal").order_by("number")


def send(client, content):
    return client.post("/verifier/", {"file": SimpleUploadedFile("recu.pdf", content)}, follow=True)


def by_hash(client, sha256):
    return client.get(f"/verifier/?empreinte={sha256}").content.decode()


def incoming(settings):
    folder = settings.BLOB_DIR / ".incoming"
    return list(folder.iterdir()) if folder.exists() else []


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
    publications.publish(Document.objects.get(), by=people["lead"])
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


WORDS_OF_THE_INTERNAL = ("Compte rendu interne", "INT-", "Odile Labatut", "résidente de séance", "Inscription", "2026")


def test_a_hash_alone_tells_the_verdict_of_what_is_not_published_and_nothing_else(client, internal):
    page = client.get(f"/verifier/?empreinte={sealed()[0].sha256}").content.decode()
    answer = page[page.index("<h1>") : page.index("Vérifier un autre document")]
    assert "Ce document est authentique et à jour" in answer
    assert [word for word in WORDS_OF_THE_INTERNAL if word in answer] == []
    assert "Envoyez-nous le fichier lui-même" in answer
    base = client.get(f"/verifier/?empreinte={Revision.objects.get(number=1).sha256}").content.decode()
    assert "étape antérieure, incomplète" in base
    assert [word for word in WORDS_OF_THE_INTERNAL[:4] if word in base] == []


def test_whoever_sends_the_file_reads_more_and_no_name(client, internal, signed_in, people, kinds):
    answer = send(client, sealed()[0].open())
    page = answer.content.decode()
    assert answer.redirect_chain == []
    assert "Ce document est authentique et à jour" in page
    assert "Compte rendu interne" in page
    assert internal.reference in page
    assert "Présidente de séance" in page
    assert "Odile Labatut" not in page
    kinds["test-internal"].readers = (people["member"],)
    reader = signed_in("member")
    assert "Odile Labatut" in by_hash(reader, sealed()[0].sha256)


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


def test_the_public_register_holds_references_and_no_title(client, internal):
    lines = b"".join(client.get("/publications/registre.jsonl").streaming_content).decode()
    assert internal.reference in lines
    assert "Compte rendu" not in lines


def test_a_seal_that_no_worker_has_read_yet_is_waited_for(client, kinds, term, work, check_seals):
    request_rendition(term, "test-sheet")
    work()
    sha256 = sealed()[0].sha256
    assert "Nous vérifions le cachet de ce document." in by_hash(client, sha256)
    answer = send(client, sealed()[0].open())
    assert "Nous lisons votre fichier." in answer.content.decode()
    read_unknown_file(Check.objects.get().pk)
    page = client.get(answer.redirect_chain[0][0]).content.decode()
    assert "Ce document est authentique et à jour" in page
    assert "Odile Labatut" not in page
    assert "Ce document est authentique et à jour" in by_hash(client, sha256)


def test_a_reference_alone_says_nothing_of_an_internal_document(client, internal, kinds, term, signed_in, people):
    page = client.get(f"/verifier/INT-{term.pk}/").content.decode()
    assert "Cette référence désigne un document interne" in page
    assert "Compte rendu interne" not in page
    assert "Odile Labatut" not in page
    kinds["test-internal"].readers = (people["member"],)
    assert "Compte rendu interne" in signed_in("member").get(f"/verifier/INT-{term.pk}/").content.decode()
    assert client.get(f"/publications/INT-{term.pk}.pdf").status_code == 404


def test_too_large_or_no_file_is_a_sentence(client):
    page = send(client, b"x" * (10 * 1024 * 1024 + 1)).content.decode()
    assert "Il doit peser au plus 10 Mo." in page
    assert "Choisissez un fichier." in client.post("/verifier/").content.decode()
    assert "Ce fichier est vide." in send(client, b"").content.decode()


def test_unknown_files_are_limited_by_address(client, document):
    for number in range(10):
        assert send(client, b"%%PDF-1.7 %d" % number).status_code == 200
    assert send(client, b"%PDF-1.7 de trop").status_code == 429
    assert Check.objects.count() == 10
    assert send(client, sealed()[0].open()).status_code == 200


def age(minutes):
    Check.objects.update(sent_at=timezone.now() - timedelta(minutes=minutes))


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


@pytest.mark.django_db(transaction=True)
def test_a_check_whose_message_was_lost_is_handed_out_again(client, redis_client):
    send(client, b"%PDF-1.7 perdu")
    redis_client.flushdb()
    checks.sweep()
    assert redis_client.llen("verify") == 0
    age(2)
    checks.sweep()
    assert redis_client.llen("verify") == 1


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
