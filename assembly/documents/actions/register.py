"""The register: documents, revisions that extend one another, a manifest whose lines hold the previous hash.

Also the publication of a sealed document, and the timestamps that documents still need.
"""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents import queries, rules
from assembly.documents.actions import checks
from assembly.documents.models import (
    Audience,
    Document,
    DocumentState,
    ManifestEntry,
    ManifestSeal,
    Rendition,
    Revision,
    RevisionPurpose,
    Signature,
    store_blob,
)
from assembly.documents.pdf.source import SEAL_FIELD, TIMESTAMP_FIELD, canonical_json
from assembly.documents.registry import Identity
from assembly.documents.seal.interface import ARCHIVAL, SealedBytes, TimestampUnavailable
from assembly.documents.workflow import DOCUMENT
from assembly.identity.models import User
from assembly.workflow import lock

PDF = "application/pdf"
MANIFEST_LOCK = 7236502
log = logging.getLogger("assembly.documents")


class BrokenLineage(Exception):
    """A signed file that does not begin with the bytes of the file that was signed."""


def enter(identity: Identity, audience: Audience, rendition: Rendition) -> Document:
    """Return the document of this reference, created at its first sealing; the row stays locked."""
    document, _created = Document.objects.get_or_create(
        reference=identity.reference,
        defaults={
            "kind": rendition.kind,
            "audience": audience,
            "title": identity.title,
            "term": identity.term,
            "subject_type": rendition.subject_type,
            "subject_id": rendition.subject_id,
            "dated_on": identity.dated_on,
        },
    )
    lock(document)
    if (document.kind, document.subject_id) != (rendition.kind, rendition.subject_id):
        raise ValueError(f"The reference {identity.reference} is already given to another document.")
    if identity.supersedes:
        former = Document.objects.select_for_update(no_key=True).exclude(state=DocumentState.SUPERSEDED)
        for old in former.filter(reference=identity.supersedes):
            facts = {"superseded_by": document.reference}
            DOCUMENT.follow(old, "supersede", facts=facts, superseded_by=document)
    return document


def add_revision(
    document: Document,
    content: bytes,
    purpose: RevisionPurpose,
    *,
    parent: Revision | None = None,
    report: dict[str, Any] | None = None,
) -> Revision:
    """Add a revision with these bytes; raises BrokenLineage when they do not extend those of its parent."""
    if parent is not None and not content.startswith(parent.open()):
        raise BrokenLineage(document.reference)
    last = Revision.objects.filter(document=document).order_by("-number").values_list("number", flat=True).first()
    return Revision.objects.create(
        document=document,
        number=(last or 0) + 1,
        blob=store_blob(content, PDF),
        parent=parent,
        purpose=purpose,
        fields_filled=[SEAL_FIELD] if purpose != RevisionPurpose.BASE else [],
        report=report or {},
    )


def add_signature(revision: Revision, sealed: SealedBytes) -> Signature:
    """Store the fields of the seal (or timestamp) of a revision."""
    return Signature.objects.create(
        revision=revision,
        field=TIMESTAMP_FIELD if revision.purpose == RevisionPurpose.TIMESTAMP else SEAL_FIELD,
        subject=sealed.subject,
        issuer=sealed.issuer,
        serial=sealed.serial,
        level=sealed.level,
        signed_at=sealed.signed_at,
        tsa_time=sealed.timestamped_at,
    )


def append_to_manifest(revision: Revision) -> ManifestEntry:
    """Add a revision to the public chain of hashes; one writer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MANIFEST_LOCK])
    last = ManifestEntry.objects.order_by("-seq").first()
    seq, previous = (last.seq + 1, last.entry_hash) if last else (1, queries.GENESIS)
    now = timezone.now()
    line = {
        "entered_at": now.isoformat(),
        "reference": revision.document.reference,
        "revision": revision.number,
        "seq": seq,
        "sha256": revision.blob_id,
    }
    canonical = canonical_json(line).decode()
    checks.request_seal_check(revision.blob_id)
    return ManifestEntry.objects.create(
        seq=seq,
        document=revision.document,
        revision=revision,
        sha256=revision.blob_id,
        prev_hash=previous,
        entry_hash=queries.entry_hash(previous, canonical),
        canonical=canonical,
        entered_at=now,
    )


def seal_manifest() -> ManifestSeal | None:
    """Record the head of the register, with an authority's token where one answers; None when nothing is new."""
    last = ManifestEntry.objects.order_by("-seq").first()
    if last is None or ManifestSeal.objects.filter(upto=last).exists():
        return None
    token = timestamp_over(last.entry_hash)
    with transaction.atomic():
        sealed = ManifestSeal.objects.create(
            upto=last, entry_hash=last.entry_hash, token=token, made_at=timezone.now()
        )
        record("register.sealed", sealed, by=None, seq=last.seq, hash=last.entry_hash)
    return sealed


def timestamp_over(sha256: str) -> bytes | None:
    """Return the RFC 3161 token of the configured authority over a hash (hex); None without one or its answer."""
    from assembly.documents.seal import sealing  # noqa: PLC0415 -- loading the engine takes 0.7 s, which only a process that seals needs

    authority = sealing.timestamper()
    if authority is None:
        return None
    try:
        return sealing.token_for(bytes.fromhex(sha256), authority=authority)
    except TimestampUnavailable:
        log.warning("the time-stamping authority does not answer")
        return None


def mark_sealed(document: Document, *, complete: bool) -> None:
    """Record the seal; without the promised timestamp the document waits in its own state, unpublished."""
    facts = {"reference": document.reference, "timestamped": complete}
    DOCUMENT.follow(document, "seal" if complete else "seal_without_timestamp", facts=facts)


def mark_timestamped(document: Document, sealed: SealedBytes) -> None:
    """Record the timestamp that was missing."""
    if sealed.level == ARCHIVAL and document.state == DocumentState.SIGNED_WITHOUT_TIMESTAMP:
        DOCUMENT.follow(document, "timestamp")
    record("document.timestamped", document, by=None, reference=document.reference)


@transaction.atomic
def publish(document: Document, *, by: User | None) -> None:
    """Put the current sealed revision of a public document on `/publications/`, for ever at the same address.

    The app that owns the document has already checked its own rules; this refuses what is not public or not completely
    sealed.
    """
    lock(document)
    if by is not None and not rules.can_publish(by, document):
        raise PermissionDenied
    if document.state == DocumentState.SIGNED_WITHOUT_TIMESTAMP:
        raise ValidationError(
            _("L’autorité d’horodatage n’a pas répondu : la publication attend son jeton."), code="timestamp"
        )
    revision = queries.current_revision(document)
    if revision is None or not revision.is_sealed:
        raise ValidationError(_("Ce document n’a pas encore son cachet."), code="seal")
    if document.published_revision_id == revision.pk:
        return
    facts = {"reference": document.reference, "revision": revision.number}
    changes: dict[str, Any] = {"published_at": timezone.now(), "published_revision": revision}
    DOCUMENT.follow(document, "publish", by=by, facts=facts, **changes)


def complete_timestamp(document: Document) -> None:
    """Get the missing timestamp of a sealed document from the authority; raises TimestampUnavailable."""
    from assembly.documents.seal import sealing  # noqa: PLC0415 -- loading the engine takes 0.7 s, which only a process that seals needs

    revision = queries.current_revision(document)
    if revision is None or not revision.is_sealed:
        return
    sealed = sealing.add_timestamp(revision.open())
    with transaction.atomic():
        lock(document)
        latest = queries.current_revision(document)
        if latest is None or latest.pk != revision.pk:
            return
        stamped = add_revision(
            document, sealed.content, RevisionPurpose.TIMESTAMP, parent=revision, report=revision.report
        )
        add_signature(stamped, sealed)
        append_to_manifest(stamped)
        mark_timestamped(document, sealed)
