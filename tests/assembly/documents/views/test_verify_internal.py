"""« Vérifier un document », of one that is not published: what a hash, a reference and the file itself tell."""

import pytest

from assembly.documents.models import Revision
from tests.assembly.documents.views.verifying import by_hash, sealed, send

pytestmark = pytest.mark.django_db

WORDS_OF_THE_INTERNAL = ("Compte rendu interne", "INT-", "Odile Labatut", "résidente de séance", "Inscription", "2026")


@pytest.fixture
def internal(internal_once, found):
    """Return a sealed document that is not published."""
    return found(internal_once)


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


def test_the_public_register_holds_references_and_no_title(client, internal):
    lines = b"".join(client.get("/publications/registre.jsonl").streaming_content).decode()
    assert internal.reference in lines
    assert "Compte rendu" not in lines


def test_a_reference_alone_says_nothing_of_an_internal_document(client, internal, kinds, signed_in, people):
    page = client.get(f"/verifier/{internal.reference}/").content.decode()
    assert "Cette référence désigne un document interne" in page
    assert "Compte rendu interne" not in page
    assert "Odile Labatut" not in page
    kinds["test-internal"].readers = (people["member"],)
    assert "Compte rendu interne" in signed_in("member").get(f"/verifier/{internal.reference}/").content.decode()
    assert client.get(f"/publications/{internal.reference}.pdf").status_code == 404
