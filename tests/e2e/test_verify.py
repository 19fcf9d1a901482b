"""« Vérifier un document » in a real browser: the file stays on the device, the page works without JavaScript too."""

import os
import time
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assembly.documents.actions import register
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, Rendition, SealCheck
from tests.assembly.documents.kinds import TermSheet, registered
from tests.e2e.accessibility import assert_usable
from tests.factories.institution import TermFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made(site, worker, settings, tmp_path):
    """Make a document with the worker of this test, with a verified seal."""
    settings.BLOB_DIR = tmp_path / "blobs"
    with registered(TermSheet):
        rendition = request_rendition(TermFactory(), "test-sheet")
        end = time.monotonic() + 60
        while not rendition.is_ready and time.monotonic() < end:
            time.sleep(0.1)
            rendition.refresh_from_db()
        assert rendition.state == "ready", rendition.error
        while not SealCheck.objects.exists() and time.monotonic() < end:
            time.sleep(0.1)
        assert SealCheck.objects.count() == 1
        yield rendition


@pytest.fixture
def document(made, tmp_path):
    """Make a published document, and its file on the reader's device."""
    found = Document.objects.get()
    register.publish(found, by=None)
    found.file = tmp_path / "compte-rendu.pdf"
    found.file.write_bytes(made.open())
    return found


def shot(page, name):
    """Keep a picture of the page at both widths when SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        before = page.viewport_size
        for width, size in (("1280", {"width": 1280, "height": 900}), ("390", PHONE)):
            page.set_viewport_size(size)
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(before)


def choose(page, path):
    page.get_by_label("Le fichier PDF").last.set_input_files(path)
    page.get_by_role("button", name="Vérifier le fichier").click()


def test_the_file_never_leaves_the_device(page, document):
    sent = []
    page.on("request", lambda request: sent.append((request.method, len(request.post_data_buffer or b""))))
    page.goto("/verifier/")
    expect(page.get_by_text("Il reste sur votre appareil")).to_be_visible()
    shot(page, "verifier")
    assert_usable(page)
    choose(page, document.file)
    expect(page.get_by_role("heading", name="Ce document est authentique et à jour")).to_be_visible()
    assert {method for method, _size in sent} == {"GET"}
    assert_usable(page)
    shot(page, "verifier-authentique")


def test_a_changed_copy_is_unknown_then_altered_once_sent(page, document):
    document.file.write_bytes(document.file.read_bytes() + b" ")
    page.goto("/verifier/")
    choose(page, document.file)
    expect(page.get_by_role("heading", name="Nous ne connaissons pas ce fichier")).to_be_visible()
    assert_usable(page)
    shot(page, "verifier-inconnu")
    page.get_by_label("Le fichier PDF").first.set_input_files(document.file)
    page.get_by_role("button", name="Envoyer le fichier").click()
    expect(page.get_by_role("heading", name="Attention, ce document a été modifié")).to_be_visible(timeout=30_000)
    assert_usable(page)
    shot(page, "verifier-modifie")


def test_everything_works_without_javascript(open_context, document):
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/verifier/")
    expect(page.get_by_text("nous ne gardons pas le fichier")).to_be_visible()
    choose(page, document.file)
    expect(page.get_by_role("heading", name="Ce document est authentique et à jour")).to_be_visible()
    page.get_by_label("Ou la référence").fill(document.reference)
    page.get_by_role("button", name="Vérifier la référence").click()
    expect(page.get_by_role("heading", name="Cette référence désigne un document à jour")).to_be_visible()
    shot(page, "verifier-reference")


def test_publications_are_listed_and_open(page, document):
    page.goto("/publications/")
    link = page.get_by_role("link", name="Compte rendu de la séance")
    assert link.get_attribute("href") == f"/publications/{document.reference}.pdf"
    expect(page.get_by_text("publié le")).to_contain_text(str(timezone.localdate().year))
    assert_usable(page)
    shot(page, "publications")
    page.get_by_role("link", name="Vérifier TEST").click()
    expect(page.get_by_role("heading", name="Cette référence désigne un document à jour")).to_be_visible()


def test_a_document_being_made_shows_its_progress(page, made, sign_in, people):
    Rendition.objects.filter(pk=made.pk).update(
        requested_by=people["officer"], state="rendering", revision=None, finished_at=None, done=1
    )
    sign_in(page.context, "officer")
    page.goto(f"/documents/avancement/{made.public_id}")
    expect(page.get_by_text("Mise en page")).to_be_visible()
    assert_usable(page)
    shot(page, "production")
    Rendition.objects.filter(pk=made.pk).update(
        state="ready", revision=made.revision, finished_at=made.finished_at, done=3
    )
    expect(page.get_by_role("link", name="Ouvrir le document (PDF)")).to_be_visible()
    assert_usable(page)
