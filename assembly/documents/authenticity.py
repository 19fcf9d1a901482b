"""Authenticity of a revision, by two proofs together: its line of the register, and the seal in its bytes.

The seal is read by a worker (`actions.seal_checks`); the result is stored signed with SECRET_KEY, so that somebody who
writes rows with the database's account, and has neither the seal's key nor SECRET_KEY, cannot make a file authentic.
"""

from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.core import signing

from assembly.documents import queries
from assembly.documents.models import Revision, SealCheck, storage
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
