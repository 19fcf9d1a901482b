"""Each way of cheating with a sealed file, both ways: the original is accepted, the changed one is not."""

import io

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from assembly.documents.seal import checking, reading, sealing
from tests.assembly.documents.seal import authority


@pytest.fixture(scope="module")
def sealed(session_pki, base_with_timestamp):
    from django.conf import settings
    from django.test import override_settings

    with override_settings(SEAL_TRUST_FILE=str(session_pki.trust_file)):
        assert settings.SEAL_TRUST_FILE
        return sealing.seal_pdf(base_with_timestamp, by=session_pki.signer(), authority=session_pki.stamper).content


def writer(content):
    return IncrementalPdfFileWriter(io.BytesIO(content))


def written(update):
    output = io.BytesIO()
    update.write(output)
    return output.getvalue()


def flipped(content):
    place = len(content) // 3
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def new_page_content(content):
    update = writer(content)
    page = update.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = update.add_object(generic.StreamObject(stream_data=b"BT ET"))
    update.mark_update(update.root["/Pages"]["/Kids"].raw_get(0))
    return written(update)


def free_text_note(content):
    update = writer(content)
    page_ref = update.root["/Pages"]["/Kids"].raw_get(0)
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (10, 10, 200, 50))),
            pdf_name("/Contents"): generic.TextStringObject("Refusé"),
            pdf_name("/DA"): generic.TextStringObject("/F 12 Tf"),
        }
    )
    page = page_ref.get_object()
    annotations = page.setdefault(pdf_name("/Annots"), generic.ArrayObject())
    annotations.append(update.add_object(note))
    update.mark_update(page_ref)
    return written(update)


def other_data(content):
    update = writer(content)
    files = update.root["/Names"]["/EmbeddedFiles"]["/Names"]
    ref = files[1]["/EF"].raw_get("/F")
    stream = ref.get_object()
    stream._data = b'{"faux":true}'
    stream._encoded_data = None
    update.mark_update(ref)
    return written(update)


def extra_field(content):
    update = writer(content)
    fields.append_signature_field(update, fields.SigFieldSpec("intrus"))
    return written(update)


def intruder_signs(content, intruder):
    output = io.BytesIO()
    PdfSigner(PdfSignatureMetadata(field_name="intrus"), intruder).sign_pdf(writer(content), output=output)
    return output.getvalue()


def rewritten(content):
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(output)
    return output.getvalue()


def pages_copied(content):
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf, pikepdf.new() as copy:
        copy.pages.extend(pdf.pages)
        copy.docinfo["/Subject"] = str(pdf.docinfo["/Subject"])
        copy.save(output)
    return output.getvalue()


TAMPERINGS = {
    "one byte flipped": flipped,
    "page content replaced": new_page_content,
    "note added": free_text_note,
    "data swapped": other_data,
    "field added": extra_field,
    "written again": rewritten,
    "pages copied": pages_copied,
}


def all_accepted(content, pki):
    """Return whether every expected signature field is filled and accepted."""
    try:
        report = reading.report(content, pki.trust_file)
    except Exception:
        return False
    accepted = {row["field"] for row in report["signatures"] if row["accepted"]}
    return not report["empty_fields"] and accepted == {"cachet", "horodatage"} == {
        row["field"] for row in report["signatures"]
    }


def test_the_original_is_accepted(sealed, pki):
    assert all_accepted(sealed, pki)


@pytest.mark.filterwarnings("ignore::pikepdf.PageCopyWarning")
@pytest.mark.parametrize("name", TAMPERINGS)
def test_signatures_see_it(sealed, pki, name):
    changed = TAMPERINGS[name](sealed)
    assert changed != sealed
    assert not all_accepted(changed, pki)


def test_an_intruder_who_signs_is_seen(sealed, pki, tmp_path):
    folder = tmp_path / "intruder"
    folder.mkdir()
    assert not all_accepted(intruder_signs(sealed, authority.make(folder).signer()), pki)


def test_another_root_is_not_believed(sealed, tmp_path):
    other = authority.make(tmp_path)
    assert not all_accepted(sealed, other)


def test_a_revoked_seal_is_seen(base, tmp_path):
    own = authority.make(tmp_path)
    sealed = sealing.seal_pdf(base, by=own.signer()).content
    assert reading.report(sealed, own.trust_file)["signatures"][0]["accepted"]
    own.revoke_seal()
    (row,) = reading.report(sealed, own.trust_file)["signatures"]
    assert (row["accepted"], row["revoked"]) == (False, True)


@pytest.mark.parametrize("cut", ["trailer", "half", "empty"])
def test_a_damaged_file_is_unreadable_and_ends(sealed, pki, tmp_path, cut):
    contents = {"trailer": sealed[:-200], "half": sealed[: len(sealed) // 2], "empty": b""}
    path = tmp_path / "damaged.pdf"
    path.write_bytes(contents[cut])
    report = checking.check_seals(path, pki.trust_file)
    assert "unreadable" in report or not all(row["accepted"] for row in report["signatures"])


def other_metadata(content):
    """Append a revision with new metadata, which the signature rules allow."""
    update = writer(content)
    ref = update.root.raw_get("/Metadata")
    stream = generic.StreamObject(stream_data=ref.get_object().data.replace("séance".encode(), "Séance".encode()))
    stream[pdf_name("/Type")] = pdf_name("/Metadata")
    stream[pdf_name("/Subtype")] = pdf_name("/XML")
    update.root[pdf_name("/Metadata")] = update.add_object(stream)
    update.update_root()
    return written(update)


def rolled_back(content):
    """Cut the file at the end of its first signed revision: the result is shorter and valid by itself."""
    ends = [place for place in range(len(content)) if content.startswith(b"%%EOF", place)]
    return content[: ends[1] + 6]


@pytest.mark.parametrize("cheat", [other_metadata, rolled_back])
def test_only_the_register_sees_these(sealed, pki, cheat, db, kinds, settings, tmp_path):
    from assembly.documents.actions import register
    from assembly.documents.actions.checks import verify_file
    from assembly.documents.models import Document, Rendition, Verdict
    from tests.factories.institution import TermFactory

    term = TermFactory()
    rendition = Rendition(kind="test-sheet", subject_type="institution.Term", subject_id=str(term.pk))
    renderer = kinds["test-sheet"]
    document = register.enter(renderer.identity(term), renderer.audience, rendition)
    Document.objects.filter(pk=document.pk).update(reference="AC2-2026-CR-02")
    document.refresh_from_db()
    settings.SEAL_TRUST_FILE = str(pki.trust_file)
    register.append_to_manifest(register.add_revision(document, sealed, "seal"))
    path = tmp_path / "file.pdf"
    path.write_bytes(sealed)
    assert verify_file(path).verdict == Verdict.CURRENT
    changed = cheat(sealed)
    seal = next(row for row in reading.report(changed, pki.trust_file)["signatures"] if row["field"] == "cachet")
    assert (seal["intact"], seal["valid"]) == (True, True)
    path.write_bytes(changed)
    assert verify_file(path).verdict == Verdict.ALTERED
