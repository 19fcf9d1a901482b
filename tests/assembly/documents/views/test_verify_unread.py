"""« Vérifier un document » before a worker has read anything, and files that nobody reads."""

import pytest

from assembly.documents.actions import checks
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Check
from assembly.documents.tasks import read_unknown_file
from tests.assembly.documents.views.verifying import age, by_hash, sealed, send
from tests.factories.institution import TermFactory

pytestmark = pytest.mark.django_db


def test_a_seal_that_no_worker_has_read_yet_is_waited_for(client, kinds, work, check_seals):
    request_rendition(TermFactory(), "test-sheet")
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


def test_too_large_or_no_file_is_a_sentence(client):
    page = send(client, b"x" * (10 * 1024 * 1024 + 1)).content.decode()
    assert "Il doit peser au plus 10 Mo." in page
    assert "Choisissez un fichier." in client.post("/verifier/").content.decode()
    assert "Ce fichier est vide." in send(client, b"").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_check_whose_message_was_lost_is_handed_out_again(client, redis_client):
    send(client, b"%PDF-1.7 perdu")
    redis_client.flushdb()
    checks.sweep()
    assert redis_client.llen("verify") == 0
    age(2)
    checks.sweep()
    assert redis_client.llen("verify") == 1
