"""Queries on the register, on renditions, on the text of files, on files in quarantine."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from assembly.documents.models import (
    SEALED_PURPOSES,
    Document,
    DocumentState,
    ExtractionState,
    FileText,
    ManifestEntry,
    ManifestSeal,
    Rendition,
    RenditionState,
    Revision,
    Upload,
    UploadState,
)
from assembly.speed.queries import ScreenQuerySet

GENESIS = "0" * 64
LINES_A_PAGE = 500


def document_by_reference(reference: str) -> Document | None:
    """Return the document of this reference as typed: case and spaces do not count."""
    return Document.objects.filter(reference__iexact="".join(reference.split())).first()


def current_revision(document: Document) -> Revision | None:
    """Return the last sealed revision, or the last one of a document that is not sealed."""
    revisions = Revision.objects.filter(document=document).select_related("blob").order_by("-number")
    return revisions.filter(purpose__in=SEALED_PURPOSES).first() or revisions.first()


def sealed_revisions(document: Document) -> QuerySet[Revision]:
    """Return every sealed revision, the newest first."""
    return Revision.objects.filter(document=document, purpose__in=SEALED_PURPOSES).order_by("-number")


def revisions_of(sha256: str) -> QuerySet[Revision]:
    """Return the revisions with exactly these bytes, the newest first: one file may belong to two documents."""
    return Revision.objects.filter(blob_id=sha256).select_related("document", "blob").order_by("-number", "-pk")


def entry_hash(previous: str, canonical: str) -> str:
    """Return the hash that chains a line of the register to the one before."""
    return hashlib.sha256((previous + canonical).encode()).hexdigest()


def entry_of(revision: Revision) -> ManifestEntry | None:
    """Return the line of the register for this revision; None also if it was changed or its neighbours do not fit."""
    entry = ManifestEntry.objects.filter(revision=revision, sha256=revision.blob_id).order_by("seq").first()
    if entry is None:
        return None
    neighbours = ManifestEntry.objects.in_bulk([entry.seq - 1, entry.seq + 1])
    before, after = neighbours.get(entry.seq - 1), neighbours.get(entry.seq + 1)
    is_valid = (
        _is_line_of(entry, revision)
        and entry.prev_hash == (before.entry_hash if before else GENESIS)
        and entry.entry_hash == entry_hash(entry.prev_hash, entry.canonical)
        and (after is None or after.prev_hash == entry.entry_hash)
    )
    return entry if is_valid else None


def first_entry_of(sha256: str) -> ManifestEntry | None:
    """Return the earliest valid line of the register for these bytes: their seal is judged at its moment."""
    entries = [entry for revision in revisions_of(sha256) if (entry := entry_of(revision))]
    return min(entries, key=lambda entry: entry.seq, default=None)


def _is_line_of(entry: ManifestEntry, revision: Revision) -> bool:
    """Return whether the published line matches the rows; the same moment may be written in another time zone."""
    try:
        line = json.loads(entry.canonical)
        entered_at = datetime.fromisoformat(line.pop("entered_at"))
    except (ValueError, TypeError, LookupError, AttributeError):
        return False
    expected = {
        "reference": revision.document.reference,
        "revision": revision.number,
        "seq": entry.seq,
        "sha256": revision.blob_id,
    }
    return entered_at == entry.entered_at and line == expected


def seals_to_read(limit: int) -> list[str]:
    """Return hashes of sealed files with an unread seal, in random order, so that a missing file blocks no other."""
    waiting = ManifestEntry.objects.filter(revision__blob__seal_check=None)
    return list(waiting.order_by("?").values_list("sha256", flat=True)[:limit])


def published() -> ScreenQuerySet[Document]:
    """Return the documents that anybody may read, newest first."""
    return (
        Document.objects.filter(published_revision__isnull=False)
        .select_related("published_revision__blob", "term")
        .order_by("-published_at", "-pk")
    )


def waiting_for_timestamp() -> "QuerySet[Document]":
    return Document.objects.filter(state=DocumentState.SIGNED_WITHOUT_TIMESTAMP).order_by("pk")


def latest_rendition(subject_type: str, subject_id: str, kind: str) -> Rendition | None:
    """Return the newest rendition of this kind about a subject."""
    renditions = Rendition.objects.filter(subject_type=subject_type, subject_id=subject_id, kind=kind)
    return renditions.select_related("revision__document").order_by("-pk").first()


def latest_ready(subject_type: str, subject_id: str, kind: str) -> Rendition | None:
    """Return the newest rendition that has its file, whatever was requested since."""
    renditions = Rendition.objects.filter(subject_type=subject_type, subject_id=subject_id, kind=kind)
    return renditions.filter(state=RenditionState.READY).order_by("-pk").first()


def manifest_lines() -> Iterator[str]:
    """Yield the register as JSON Lines: each line with the hash that chains it to the one before.

    No cursor stays open between two lines: each page of them is read whole, by key.
    """
    head = ManifestSeal.objects.order_by("-pk").first()  # Read before the lines, since it names one of them.
    rows = ManifestEntry.objects.order_by("seq").values_list("seq", "canonical", "entry_hash", "prev_hash")
    page = list(rows[:LINES_A_PAGE])
    while page:
        for _seq, canonical, digest, previous in page:
            yield f'{{"entry":{canonical},"hash":"{digest}","previous":"{previous}"}}\n'
        page = list(rows.filter(seq__gt=page[-1][0])[:LINES_A_PAGE])
    if head is not None:
        token = base64.b64encode(head.token).decode() if head.token else ""
        yield f'{{"head":{head.upto_id},"hash":"{head.entry_hash}","token":"{token}"}}\n'


def text_of(upload: Upload) -> str:
    """Return the text of an available file; empty before a worker has read it, or when nothing can be read."""
    if not upload.is_available:
        return ""
    texts = FileText.objects.filter(blob=upload.blob_id, state=ExtractionState.READY)
    return texts.values_list("text", flat=True).first() or ""


def files_in_quarantine() -> int:
    """Return how many files cannot be read before the antivirus answers."""
    return Upload.objects.filter(state=UploadState.WAITING, withdrawn_at=None).count()
