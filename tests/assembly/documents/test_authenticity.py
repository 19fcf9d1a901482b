"""A row inserted by whoever holds the application's database account makes no document authentic."""

import hashlib
import io
import json

import pikepdf
import pytest
from django.db import connection
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from assembly.documents import storage, verification
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Document, ManifestEntry, Revision, SealCheck, Verdict
from assembly.documents.queries import _is_line_of, entry_of
from assembly.documents.verification import Standing, standing_of
from tests.assembly.documents.seal.test_tampering import other_metadata
from tests.factories.institution import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def term():
    return TermFactory()


@pytest.fixture
def document(kinds, work, term):
    request_rendition(term, "test-sheet")
    work()
    return Document.objects.get()


def blank_page(reference=""):
    """Return an unsealed PDF of one empty page, with the reference of one of our documents if given."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if reference:
            pdf.docinfo["/Subject"] = reference
        pdf.save(made)
    return made.getvalue()


def insert_revision(document, content, *, purpose="seal"):
    """Store a forged file, a row for it and a row that declares it sealed, as an attacker would."""
    sha256 = storage.write_blob(content)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_blob (sha256, size, media_type, created_at)"
            " VALUES (%s, %s, 'application/pdf', now()) ON CONFLICT DO NOTHING",
            [sha256, len(content)],
        )
        cursor.execute(
            "INSERT INTO documents_revision (document_id, number, blob_id, purpose, fields_filled, report, created_at)"
            " VALUES (%s, 99, %s, %s, '[\"cachet\"]', '{}', now())",
            [document.pk, sha256, purpose],
        )
    return Revision.objects.get(number=99)


def append_entry(revision):
    """Append a line to the register with a valid chain, whose rule is public."""
    last, now = ManifestEntry.objects.order_by("-seq").first(), timezone.now()
    line = {
        "entered_at": now.isoformat(),
        "reference": revision.document.reference,
        "revision": revision.number,
        "seq": last.seq + 1,
        "sha256": revision.blob_id,
    }
    canonical = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    ManifestEntry.objects.create(
        seq=last.seq + 1,
        document=revision.document,
        revision=revision,
        sha256=revision.blob_id,
        prev_hash=last.entry_hash,
        entry_hash=hashlib.sha256((last.entry_hash + canonical).encode()).hexdigest(),
        canonical=canonical,
        entered_at=now,
    )
    assert entry_of(revision) is not None


def ask(client, sha256, check_seals):
    """Return the page of a hash after the workers have read all waiting files."""
    client.get(f"/verifier/?empreinte={sha256}")
    check_seals()
    return client.get(f"/verifier/?empreinte={sha256}").content.decode()


def refused(page):
    return "authentique" not in page and "Ce document n’est pas confirmé" in page


def test_a_real_one_is_authentic(client, document, check_seals):
    page = ask(client, Revision.objects.get(purpose="seal").sha256, check_seals)
    assert "Ce document est authentique et à jour" in page


@pytest.mark.parametrize("reference", ["", "own"])
def test_an_unsealed_page_with_a_row_of_the_register_is_not(client, document, check_seals, reference):
    forged = insert_revision(document, blank_page(document.reference if reference else ""))
    assert refused(ask(client, forged.sha256, check_seals))
    append_entry(forged)
    assert refused(ask(client, forged.sha256, check_seals))


def test_nor_by_its_reference_once_it_is_called_published(client, document, check_seals):
    forged = insert_revision(document, blank_page(document.reference))
    append_entry(forged)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE documents_document SET state='published', published_at=now(), published_revision_id=%s",
            [forged.pk],
        )
    client.get(f"/verifier/{document.reference}/")
    check_seals()
    page = client.get(f"/verifier/{document.reference}/").content.decode()
    assert "désigne un document à jour" not in page
    assert "Ce document n’est pas confirmé" in page


def test_nor_as_an_earlier_step_of_a_real_one(client, document, check_seals):
    forged = insert_revision(document, blank_page(document.reference), purpose="base")
    page = ask(client, forged.sha256, check_seals)
    assert "Il vient de nous" not in page
    assert refused(page)


def test_a_really_sealed_file_is_authentic_only_for_its_own_document(client, kinds, work, document, check_seals):
    request_rendition(TermFactory(), "test-internal")
    work()
    other = Document.objects.exclude(pk=document.pk).get()
    stolen = Revision.objects.get(document=other, purpose="seal").open()
    forged = insert_revision(document, stolen)
    append_entry(forged)
    check_seals()
    answer = verification.by_hash(forged.sha256)
    assert (answer.verdict, answer.document) == ("current", other)
    own = Revision.objects.get(document=other, purpose="seal")
    assert (standing_of(own), standing_of(forged)) == (Standing.PROVEN, Standing.REFUTED)


def test_each_line_of_one_file_is_judged_once_its_seal_is_read(document, check_seals):
    """Two lines for the same bytes, of one document: both moments have the one result."""
    first = Revision.objects.get(purpose="seal")
    second = insert_revision(document, first.open())
    append_entry(second)
    assert {standing_of(first), standing_of(second)} == {Standing.PENDING}
    check_seals()
    assert {standing_of(first), standing_of(second)} == {Standing.PROVEN}
    assert SealCheck.objects.count() == 1


def with_one_more_page(sealed):
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


def with_more_bytes(sealed):
    return sealed + b"\n% plus"


def with_an_update(sealed):
    update = IncrementalPdfFileWriter(io.BytesIO(sealed))
    page = update.root["/Pages"]["/Kids"].raw_get(0)
    page.get_object()["/Contents"] = update.add_object(generic.StreamObject(stream_data=b"BT ET"))
    update.mark_update(page)
    made = io.BytesIO()
    update.write(made)
    return made.getvalue()


def with_reference(sealed, reference):
    """Append an allowed update that changes the reference, which is a field of the metadata."""
    update = IncrementalPdfFileWriter(io.BytesIO(sealed))
    update.trailer["/Info"]["/Subject"] = generic.TextStringObject(reference)
    update.mark_update(update.trailer.raw_get("/Info"))
    made = io.BytesIO()
    update.write(made)
    return made.getvalue()


@pytest.mark.parametrize("change", [with_one_more_page, with_an_update])
def test_a_sealed_file_whose_pages_were_changed_is_not(client, document, check_seals, change):
    forged = insert_revision(document, change(Revision.objects.get(purpose="seal").open()))
    append_entry(forged)
    assert refused(ask(client, forged.sha256, check_seals))


def test_a_file_of_another_document_that_takes_this_reference_is_not(client, kinds, work, document, check_seals):
    """The seal still holds: its rules allow an update of the metadata, where the reference is."""
    request_rendition(TermFactory(), "test-internal")
    work()
    other = Revision.objects.exclude(document=document).get(purpose="seal")
    forged = insert_revision(document, with_reference(other.open(), document.reference))
    append_entry(forged)
    assert refused(ask(client, forged.sha256, check_seals))


@pytest.mark.parametrize("change", [with_more_bytes, other_metadata])
def test_what_the_seal_allows_is_seen_by_the_register_alone(client, document, check_seals, change):
    """Bytes that show nothing, other metadata: the pages and the data are those that were sealed."""
    sealed = Revision.objects.get(purpose="seal")
    changed = change(sealed.open())
    assert verification.by_hash(hashlib.sha256(changed).hexdigest()).verdict == Verdict.UNKNOWN
    forged = insert_revision(document, changed)
    assert refused(ask(client, forged.sha256, check_seals))
    append_entry(forged)
    check_seals()
    assert standing_of(forged) == Standing.PROVEN


def test_the_noted_result_of_a_check_cannot_be_written_by_hand(client, document, check_seals):
    real = Revision.objects.get(purpose="seal")
    ask(client, real.sha256, check_seals)
    forged = insert_revision(document, blank_page(document.reference))
    append_entry(forged)
    noted = SealCheck.objects.get(blob=real.blob)
    SealCheck.objects.create(blob=forged.blob, result=noted.result, checked_at=noted.checked_at)
    assert "authentique" not in client.get(f"/verifier/?empreinte={forged.sha256}").content.decode()
    assert refused(ask(client, forged.sha256, check_seals))


def test_a_forged_later_revision_does_not_make_the_real_one_replaced(client, document, check_seals):
    real = Revision.objects.get(purpose="seal")
    append_entry(insert_revision(document, blank_page(document.reference)))
    assert "Ce document est authentique et à jour" in ask(client, real.sha256, check_seals)


def test_a_line_entered_by_the_clock_of_paris_is_confirmed(client, kinds, work, term, check_seals, monkeypatch):
    """Seen on the demonstration, whose clock speaks of Paris: every published document was « non confirmé »."""
    from assembly.documents.actions import register

    now = timezone.now
    monkeypatch.setattr(register.timezone, "now", lambda: timezone.localtime(now()))
    request_rendition(term, "test-sheet")
    work()
    assert "+00:00" not in ManifestEntry.objects.latest("seq").canonical
    real = Revision.objects.get(purpose="seal")
    assert "Ce document est authentique et à jour" in ask(client, real.sha256, check_seals)


@pytest.mark.parametrize("canonical", ["", "null", "[]", "{}", '{"entered_at": 3}'])
def test_a_line_of_another_shape_is_no_error(document, canonical):
    entry = ManifestEntry.objects.latest("seq")
    entry.canonical = canonical
    assert not _is_line_of(entry, entry.revision)


def test_a_broken_link_of_the_register_confirms_nothing(client, document, check_seals):
    real = Revision.objects.get(purpose="seal")
    ask(client, real.sha256, check_seals)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE documents_manifestentry SET entered_at = entered_at, prev_hash = %s", ["1" * 64])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert refused(ask(client, real.sha256, check_seals))


def test_a_seal_that_cannot_be_judged_is_asked_again(client, document, check_seals, settings):
    real = Revision.objects.get(purpose="seal")
    settings.SEAL_TRUST_FILE = str(settings.DATA_DIR / "none.pem")
    page = ask(client, real.sha256, check_seals)
    assert "authentique" not in page
    assert "n’est pas confirmé" not in page
    settings.SEAL_TRUST_FILE = str(settings.DATA_DIR / "keys" / "root.pem")
    assert "Ce document est authentique et à jour" in ask(client, real.sha256, check_seals)
