"""Downloads: who gets which bytes, under which headers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assembly.documents import registry
from assembly.documents.actions import register, uploads
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document
from tests.factories.institution import TermFactory
from tests.files import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def term():
    return TermFactory()


@pytest.fixture
def upload(people):
    return uploads.accept_upload(
        SimpleUploadedFile("Pièce n° 1.pdf", pdf("Une pièce.")), by=people["officer"], purpose="paper"
    )


@pytest.fixture
def granted(monkeypatch):
    monkeypatch.setattr(registry, "_upload_rules", [lambda user, upload: user.is_authenticated])


def test_a_file_that_nobody_grants_is_not_found(client, signed_in, upload, monkeypatch):
    monkeypatch.setattr(registry, "_upload_rules", [])
    assert client.get(f"/fichiers/{upload.public_id}").status_code == 404
    assert signed_in("lead").get(f"/fichiers/{upload.public_id}").status_code == 404


def test_a_granted_file_is_saved_and_never_run(client, signed_in, upload, granted):
    assert client.get(f"/fichiers/{upload.public_id}").status_code == 404
    answer = signed_in("member").get(f"/fichiers/{upload.public_id}")
    assert answer.content == pdf("Une pièce.")
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''Pi%C3%A8ce%20n%C2%B0%201.pdf"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_withdrawn_file_is_gone_for_all(signed_in, upload, granted, people):
    uploads.withdraw(upload, by=people["officer"])
    uploads.withdraw(upload, by=people["officer"])
    assert signed_in("lead").get(f"/fichiers/{upload.public_id}").status_code == 404


def test_a_published_pdf_has_its_own_address(client, kinds, term, work, people):
    request_rendition(term, "test-sheet")
    work()
    address = f"/publications/TEST-{term.pk}.pdf"
    assert client.get(address).status_code == 404
    register.publish(Document.objects.get(), by=people["lead"])
    answer = client.get(address)
    assert (answer["Content-Type"], answer.content[:8]) == ("application/pdf", b"%PDF-1.7")
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    page = client.get("/publications/").content.decode()
    assert f'href="{address}"' in page
    assert "1 publication" in " ".join(page.split())


def test_a_list_of_publications_costs_the_same_at_any_length(client, kinds, work, people, django_assert_num_queries):
    def measure():
        with django_assert_num_queries(3):
            assert client.get("/publications/").status_code == 200

    term = TermFactory()
    assert "Rien n’est encore publié" in client.get("/publications/").content.decode()
    for count in (1, 3):
        while Document.objects.count() < count:
            subject = term if not Document.objects.exists() else TermFactory(number=Document.objects.count() + 4)
            request_rendition(subject, "test-sheet")
            work()
            register.publish(Document.objects.order_by("pk").last(), by=None)
        measure()


def test_a_rendition_is_followed_by_who_asked(signed_in, kinds, term, work, people):
    rendition = request_rendition(term, "test-draft", by=people["officer"])
    progress, file = f"/documents/avancement/{rendition.public_id}", f"/documents/rendu/{rendition.public_id}.pdf"
    officer, other = signed_in("officer"), signed_in("lead")
    assert "En attente" in officer.get(progress).content.decode()
    assert officer.get(file).status_code == 404
    work()
    assert "Le document est prêt." in officer.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert officer.get(file).content.startswith(b"%PDF-1.7")
    assert other.get(progress).status_code == 404
    assert other.get(file).status_code == 404
    kinds["test-draft"].readers = (people["lead"],)
    assert other.get(file).status_code == 200


def test_a_failed_rendition_says_why_and_is_run_again(signed_in, kinds, term, work, people):
    kinds["test-draft"].body = "<p>🎉</p>"
    rendition = request_rendition(term, "test-draft", by=people["officer"])
    work()
    officer = signed_in("officer")
    assert "U+1F389" in officer.get(f"/documents/avancement/{rendition.public_id}").content.decode()
    kinds["test-draft"].body = "<p>Fête</p>"
    again = f"/documents/rendu/{rendition.public_id}/relancer"
    assert signed_in("lead").post(again).status_code == 404
    assert officer.post(again).status_code == 302
    assert officer.post(again).status_code == 409
    work()
    assert "Le document est prêt." in officer.get(f"/documents/avancement/{rendition.public_id}").content.decode()


def test_an_internal_document_is_for_its_readers(client, signed_in, kinds, term, work, people):
    request_rendition(term, "test-internal")
    work()
    address = f"/documents/INT-{term.pk}.pdf"
    assert client.get(address).status_code == 302
    assert signed_in("lead").get(address).status_code == 404
    kinds["test-internal"].readers = (people["lead"],)
    assert signed_in("lead").get(address).content.startswith(b"%PDF-1.7")
