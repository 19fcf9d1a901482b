"""« Vérifier un document »: the register answers first, a worker reads only what the register does not know.

A revision is authentic by two proofs together: its line of the register, and the seal in its bytes. The seal is read
by a worker (`actions.checks`); the result is stored signed with SECRET_KEY, so that somebody who writes rows with the
database's account, and has neither the seal's key nor SECRET_KEY, cannot make a file authentic.
"""

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing

from assembly.documents import queries, storage
from assembly.documents.models import (
    Check,
    CheckLimit,
    Document,
    DocumentState,
    Revision,
    SealCheck,
    Signature,
    Verdict,
)
from assembly.documents.seal import checking

SALT = "assembly.documents.seal-check"


class Standing(Enum):
    """The result of both proofs; PENDING until a worker has read the seal."""

    PROVEN = "proven"
    PENDING = "pending"
    REFUTED = "refuted"


@dataclass(frozen=True)
class SealResult:
    """The result for the bytes `sha256`, judged by the roots `trust` at the moment of their first line."""

    sha256: str
    moment: str
    trust: str
    reference: str
    accepted: bool

    def signed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT)


def stored_result(sha256: str) -> SealResult | None:
    """Return the stored result for these bytes; None without one, or when SECRET_KEY did not sign it for them."""
    row = SealCheck.objects.filter(blob=sha256).first()
    if row is None:
        return None
    try:
        result = SealResult(**signing.loads(row.result, salt=SALT))
    except (signing.BadSignature, TypeError):
        return None
    return result if result.sha256 == sha256 else None


def standing_of(revision: Revision) -> Standing:
    """Return what the proofs of a revision amount to; raises BlobDamaged where an unsealed one lacks its file."""
    if not revision.is_sealed:
        return _standing_of_base(revision)
    first = queries.first_entry_of(revision.blob_id) if queries.entry_of(revision) else None
    if first is None:
        return Standing.REFUTED
    result = stored_result(revision.blob_id)
    context = (first.entered_at.isoformat(), checking.trust_fingerprint(Path(settings.SEAL_TRUST_FILE)))
    if result is None or (result.moment, result.trust) != context:
        return Standing.PENDING
    proven = result.accepted and result.reference == revision.document.reference
    return Standing.PROVEN if proven else Standing.REFUTED


def _standing_of_base(revision: Revision) -> Standing:
    """Return the standing of an unsealed revision: authentic when an authentic sealed one begins with its bytes."""
    standing = Standing.REFUTED
    for child in revision.children.select_related("document"):
        child_standing = standing_of(child)
        if child_standing == Standing.REFUTED or not _begins_with(child, revision):
            continue
        if child_standing == Standing.PROVEN:
            return child_standing
        standing = child_standing
    return standing


def _begins_with(child: Revision, base: Revision) -> bool:
    return storage.content_digest(child.open()[: base.blob.size]) == base.blob_id


SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class VerificationResult:
    """A verdict, and its document when there is one.

    `pending_seal` names a file whose seal a worker has to read first; `limit` is the limit that stopped the reading.
    """

    verdict: Verdict
    document: Document | None = None
    revision: Revision | None = None
    pending_seal: str = ""
    limit: str = ""

    @property
    def signature(self) -> Signature | None:
        """Return the seal of the revision."""
        if self.revision is None:
            return None
        revisions = [pk for pk in (self.revision.pk, self.revision.parent_id) if pk]
        return Signature.objects.filter(revision_id__in=revisions).order_by("-revision__number").first()

    @property
    def visas(self) -> list[dict[str, Any]]:
        """Return the approvals given before the seal."""
        visas = self.revision.report.get("visas", []) if self.revision else []
        return [{**visa, "given_at": datetime.fromisoformat(visa["given_at"])} for visa in visas]


def _pending_result(revision: Revision) -> VerificationResult:
    sealed = revision if revision.is_sealed else revision.children.latest("number")
    return VerificationResult(Verdict.UNPROVEN, revision.document, revision, pending_seal=sealed.blob_id)


def _authentic_result(revision: Revision) -> VerificationResult:
    """Return the verdict on an authentic file by its position among the revisions of its document.

    A newer seal that waits for its publication does not yet replace the published one: both are in force. A later
    revision that is not authentic replaces nothing.
    """
    document = revision.document
    for current in queries.sealed_revisions(document).select_related("document"):
        standing = standing_of(current)
        if standing == Standing.PENDING:
            return _pending_result(current)
        if standing == Standing.PROVEN:
            return VerificationResult(_verdict(revision, current), document, revision)
    return VerificationResult(Verdict.UNFINISHED, document, revision)


def _verdict(revision: Revision, current: Revision) -> Verdict:
    if not revision.is_sealed:
        return Verdict.UNFINISHED
    if revision.document.state == DocumentState.SUPERSEDED:
        return Verdict.SUPERSEDED
    if revision.pk in {current.pk, revision.document.published_revision_id}:
        return Verdict.CURRENT
    return Verdict.UNFINISHED if current.parent_id == revision.pk else Verdict.SUPERSEDED


def by_hash(sha256: str) -> VerificationResult:
    """Return the verdict on exact bytes, from the register and the stored result for their seal."""
    if not SHA256.fullmatch(sha256):
        return VerificationResult(Verdict.UNKNOWN)
    revisions = {standing_of(revision): revision for revision in queries.revisions_of(sha256)}
    if Standing.PROVEN in revisions:
        return _authentic_result(revisions[Standing.PROVEN])
    if Standing.PENDING in revisions:
        return _pending_result(revisions[Standing.PENDING])
    return VerificationResult(Verdict.UNPROVEN if revisions else Verdict.UNKNOWN)


def by_reference(reference: str) -> VerificationResult:
    """Return the verdict on what the register holds under a printed reference."""
    document = queries.document_by_reference(reference)
    if document is None:
        return VerificationResult(Verdict.UNKNOWN)
    revision = document.published_revision or queries.current_revision(document)
    if revision is None:
        return VerificationResult(Verdict.UNKNOWN, document)
    match standing_of(revision):
        case Standing.PROVEN:
            return _authentic_result(revision)
        case Standing.PENDING:
            return _pending_result(revision)
    return VerificationResult(Verdict.UNPROVEN, document)


def of_check(check: Check) -> VerificationResult:
    """Return the verdict that a worker wrote, with the register's current state of a file that it holds."""
    verdict = Verdict(check.verdict)
    if verdict in {Verdict.CURRENT, Verdict.SUPERSEDED, Verdict.UNFINISHED}:
        return by_hash(check.sha256)
    document = queries.document_by_reference(check.reference) if check.reference else None
    return VerificationResult(verdict, document, document.published_revision if document else None, limit=check.limit)


def of_unknown_file(report: dict[str, Any]) -> VerificationResult:
    """Return the verdict on a file that is not in the register: altered, or unknown.

    It is altered when it has one of the assembly's references or a certificate that sealed one of its documents,
    whatever its signatures contain: the register is the authority. A file that could not be read to its end, and shows
    neither so far, is not called unknown.
    """
    limit = report["unreadable"] if report.get("unreadable") in CheckLimit else ""
    document = queries.document_by_reference(report["reference"]) if report.get("reference") else None
    if document is not None:
        return VerificationResult(Verdict.ALTERED, document, document.published_revision, limit=limit)
    serials = [signature["serial"] for signature in report.get("signatures", [])]
    if serials and Signature.objects.filter(serial__in=serials).exists():
        return VerificationResult(Verdict.ALTERED, limit=limit)
    return VerificationResult(Verdict.UNPROVEN if limit else Verdict.UNKNOWN, limit=limit)


def of_file(path: Path) -> VerificationResult:
    """Return the verdict on a local file: the register first, then its own signatures."""
    with path.open("rb") as file:
        answer = by_hash(hashlib.file_digest(file, "sha256").hexdigest())
    if answer.verdict != Verdict.UNKNOWN:
        return answer
    return of_unknown_file(checking.check_seals(path, Path(settings.SEAL_TRUST_FILE)))
