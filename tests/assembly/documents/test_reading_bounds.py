"""Reading a stranger's file has bounds, and never holds the worker that seals."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from assembly.config.celery import app
from assembly.documents.actions import checks, register
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Check, Document, Revision
from assembly.documents.seal import checking
from assembly.documents.tasks import read_unknown_file
from assembly.local.supervisor import commands
from tests.assembly.documents.heavy import swelling, with_updates
from tests.browsing import StrictClient
from tests.factories.institution import TermFactory

READERS = ("read_unknown_file", "check_seal", "read_text")
ANSWERED_WITHIN = 60


@pytest.fixture
def published(kinds, work, people):
    request_rendition(TermFactory(), "test-sheet")
    work()
    document = Document.objects.get()
    register.publish(document, by=None)
    return Revision.objects.get(purpose="seal").open()


def send(client, content):
    return client.post("/verifier/", {"file": SimpleUploadedFile("recu.pdf", content)}, follow=True)


def answer_to(client, content):
    """Return the page after a worker has read the file, and the duration in seconds."""
    where = send(client, content).redirect_chain[0][0]
    begun = time.monotonic()
    read_unknown_file(Check.objects.get().pk)
    return client.get(where).content.decode(), time.monotonic() - begun


@pytest.mark.parametrize("task", READERS)
def test_what_others_made_is_read_by_a_worker_of_its_own(task, tmp_path):
    routed = app.amqp.router.route({}, f"assembly.documents.tasks.{task}")["queue"].name
    sealing = app.amqp.router.route({}, "assembly.documents.tasks.render")["queue"].name
    assert (routed, sealing) == ("verify", "pdf")
    serving = [name for name, words in commands(8000, tmp_path).items() if "-Q" in words and "verify" in words]
    assert serving == ["verify"]


@pytest.mark.django_db
@pytest.mark.parametrize("announced", [True, False])
def test_eight_thousand_updates_are_not_read_to_the_end(client, published, announced):
    page, seconds = answer_to(client, with_updates(published, 8000, announced=announced))
    assert "Attention, ce document a été modifié" in page
    assert "Ce fichier n’a pas pu être lu jusqu’au bout\u00a0: il a été complété plus de cent fois." in page
    assert seconds < ANSWERED_WITHIN


@pytest.mark.django_db
def test_a_bounded_time_of_processor(client, published, monkeypatch):
    monkeypatch.setattr(checking, "UNKNOWN_FILES", checking.Bounds(cpu_seconds=3, wall_seconds=45, updates=100))
    content = with_updates(published, 60_000, announced=False).replace(b"<dc:description>", b"<dc:descriptiof>")
    page, seconds = answer_to(client, content)
    assert "Ce fichier n’a pas pu être lu jusqu’au bout" in page
    assert "demande trop de temps. Il n’est pas dans notre registre\u00a0: ne vous y fiez pas." in page
    assert seconds < ANSWERED_WITHIN


@pytest.mark.django_db
def test_a_bounded_memory(client, published, monkeypatch):
    monkeypatch.setattr(checking, "MEMORY", 400 * 1024 * 1024)
    page, _seconds = answer_to(client, swelling(600))
    assert "Ce fichier n’a pas pu être lu jusqu’au bout" in page
    assert "demande trop de mémoire" in page


@pytest.mark.django_db(transaction=True)
def test_files_sent_at_the_same_instant_never_wait_in_greater_number(settings, tmp_path):
    barrier = threading.Barrier(8)
    Check.objects.bulk_create(Check(sha256="0" * 64, size=1) for _number in range(checks.MAX_WAITING - 3))

    def one(number):
        client = StrictClient(REMOTE_ADDR=f"192.0.2.{number}")
        barrier.wait()
        try:
            return client.post("/verifier/", {"file": SimpleUploadedFile("x.pdf", b"%%PDF-1.7 %d" % number)})
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))
    assert sorted(answer.status_code for answer in answers) == [302] * 3 + [503] * 5
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert "Beaucoup de fichiers attendent déjà d’être lus." in refused.content.decode()
    assert refused["Retry-After"] == "300"
    assert len(list((settings.BLOB_DIR / ".incoming").iterdir())) == 3


def wait_for(question, seconds):
    end = time.monotonic() + seconds
    while not question() and time.monotonic() < end:
        time.sleep(0.05)
    return question()


@pytest.mark.django_db(transaction=True)
def test_a_seal_asked_meanwhile_is_made(client, kinds, redis_client):
    """Two workers as compose and ./run start them: the one that seals reads no stranger's file, however many wait."""
    hostile = with_updates(b"%PDF-1.7\ntrailer<</Size 1 /Root 1 0 R>>\nstartxref\n9\n%%EOF\n", 20_000, announced=False)
    options = {"pool": "solo", "perform_ping_check": False, "shutdown_timeout": 60}
    waiting = Check.objects.filter(state="queued")
    with start_worker(app, queues=["pdf"], **options):
        for number in range(3):
            send(client, hostile + b"%" * number)
        rendition = request_rendition(TermFactory(), "test-sheet")
        assert wait_for(lambda: rendition.refresh_from_db() or rendition.is_ready, 60), rendition.state
        assert waiting.count() == 3
    with start_worker(app, queues=["verify"], **options):
        assert wait_for(lambda: waiting.count() < 3, 90)
