"""The pack as one accessible PDF, and as an archive with its index.

Papers of others cannot be made accessible here: the PDF (A-3, UA-1) describes each in tagged text, then carries the
originals as associated files, byte for byte.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assembly.documents.models import Upload
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import Enclosure, RenderSource
from assembly.documents.registry import Identity, Renderer
from assembly.documents.responses import PackedFile, entry_name, packed_upload
from assembly.institution.models import TEAM_ROLES, Role
from assembly.institution.rules import has_role
from consultations.briefing import queries
from consultations.briefing.actions import PACK_KIND
from consultations.models import BriefingDocument, BriefingPack

# Bytes of originals in one PDF: above that, readers and mail programs fail. The archive has everything.
MAX_ENCLOSED = 40 * 1024 * 1024


class PackFile(Renderer):
    """« Tout en un PDF »: made by a worker, stored for a month, made again when the pack changed."""

    kind = PACK_KIND
    subject_label = "consultations.BriefingPack"
    file_name = "dossier-documentaire"

    def load(self, subject_id: str) -> BriefingPack:
        return BriefingPack.objects.select_related("referral__term__assembly").get(pk=subject_id)

    def identity(self, subject: BriefingPack) -> Identity:
        referral = subject.referral
        return Identity(f"{referral.reference}-DD", title_of(subject), timezone.localdate(), referral.term)

    def source(self, subject: BriefingPack) -> RenderSource:
        documents = queries.for_members(queries.documents_of(subject))
        carried = enclosed_files(documents)
        sheets = [
            {
                "document": document,
                "number": number,
                "file": carried[document.pk].name if document.pk in carried else "",
            }
            for number, document in enumerate(documents, 1)
        ]
        return page_source(
            "consultations/briefing/pdf/pack.html",
            {"pack": subject, "referral": subject.referral, "sheets": sheets, "address": address_of(subject)},
            assembly=subject.referral.term.assembly,
            title=title_of(subject),
            reference=subject.referral.reference,
            made_at=made_at(subject, documents),
            sheets=["consultations"],
            attachments=list(carried.values()),
        )

    def can_read(self, user: Any, subject: BriefingPack) -> bool:
        """Return whether the user may read it: the desk before the opening; every reader of the area after."""
        if has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=subject.referral.term_id):
            return True
        return queries.readers_referral(user).filter(pk=subject.referral_id).exists()


def title_of(pack: BriefingPack) -> str:
    return _("Dossier documentaire : %(title)s") % {"title": pack.referral.title}


def address_of(pack: BriefingPack) -> str:
    return settings.SITE_URL + reverse("consultations:my-briefing", args=[pack.referral_id])


def made_at(pack: BriefingPack, documents: Sequence[BriefingDocument]) -> Any:
    """Return the moment of the latest paper: the same pack gives the same file."""
    return max([document.added_at for document in documents] + [pack.released_at or pack.referral.created_at])


def enclosed_files(documents: Sequence[BriefingDocument]) -> dict[int, Enclosure]:
    """Return the originals by paper while their total stays under `MAX_ENCLOSED`; the others are only described."""
    enclosures: dict[int, Enclosure] = {}
    bytes_left = MAX_ENCLOSED
    for number, document in enumerate(documents, 1):
        upload = document.upload
        if upload is None or upload.blob.size > bytes_left:
            continue
        bytes_left -= upload.blob.size
        name = entry_name(number, len(documents), packed_upload(upload, document.title))
        enclosures[document.pk] = Enclosure(name, upload.blob.open(), document.title, "Source")
    return enclosures


def files_of(pack: BriefingPack, documents: Sequence[BriefingDocument]) -> list[PackedFile]:
    """List the index, then each file under its title; a link has no file and stands in the index."""
    uploads = [(document, document.upload) for document in documents if document.upload is not None]
    count = len(uploads) + 1
    files = [packed_upload(upload, document.title) for document, upload in uploads]
    names = {
        document.pk: entry_name(number, count, file)
        for number, ((document, _upload), file) in enumerate(zip(uploads, files, strict=True), 2)
    }
    lines = [{"document": document, "name": names.get(document.pk, "")} for document in documents]
    index = render_to_string(
        "consultations/briefing/pdf/index.txt", {"pack": pack, "referral": pack.referral, "lines": lines}
    ).replace("\n", "\r\n")
    return [PackedFile(_("index"), "text/plain", lambda: iter([b"\xef\xbb\xbf" + index.encode()])), *files]


def archive_name(pack: BriefingPack) -> str:
    """Return « dossier-s-2026-02.zip »."""
    return f"dossier-{slugify(pack.referral.reference) or pack.referral_id}.zip"


def briefing_file_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user reads the paper; the team also former versions, removed papers and deposits."""
    if BriefingDocument.objects.readable_by(user).filter(upload=upload).exists():
        return True
    packs = BriefingPack.objects.filter(documents__upload=upload) | BriefingPack.objects.filter(
        deposits__upload=upload
    )
    return any(has_role(user, TEAM_ROLES, term=term) for term in packs.values_list("referral__term", flat=True))
