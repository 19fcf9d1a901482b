"""A revision is authentic by two proofs together: its line of the register, and the seal in its bytes.

The seal is read by a worker (`actions.seal_checks`); what it found is kept signed with SECRET_KEY, so that whoever
writes rows with the database's account, and has neither the seal's key nor SECRET_KEY, makes nothing authentic.
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
    """What the two proofs say together; PENDING until a worker has read the seal."""

    PROVEN = "proven"
    PENDING = "pending"
    REFUTED = "refuted"


@dataclass(frozen=True)
class SealResult:
    """What was found in the bytes `sha256`, judged at the moment of its line in the register, by the roots `trust`."""

    sha256: str
    moment: str
    trust: str
    reference: str
    accepted: bool

    def signed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT)


def noted(sha256: str) -> SealResult | None:
    """The kept result for these bytes; None when there is none, or when it was not signed by us for them."""
    row = SealCheck.objects.filter(blob=sha256).first()
    if row is None:
        return None
    try:
        result = SealResult(**signing.loads(row.result, salt=SALT))
    except (signing.BadSignature, TypeError):
        return None
    return result if result.sha256 == sha256 else None


def proofs_hold(revision: Revision) -> Standing:
    """Whether both proofs hold; raises BlobDamaged when an unsealed revision needs a file that is missing."""
    if not revision.is_sealed:
        return _standing_of_base(revision)
    entry = queries.entry_of(revision)
    if entry is None:
        return Standing.REFUTED
    result = noted(revision.blob_id)
    asked = (entry.entered_at.isoformat(), checking.trust_fingerprint(Path(settings.SEAL_TRUST_FILE)))
    if result is None or (result.moment, result.trust) != asked:
        return Standing.PENDING
    proven = result.accepted and result.reference == revision.document.reference
    return Standing.PROVEN if proven else Standing.REFUTED


def _standing_of_base(revision: Revision) -> Standing:
    """A revision without a seal is ours when an authentic sealed one begins with its bytes."""
    found = Standing.REFUTED
    for child in revision.children.select_related("document"):
        of_child = proofs_hold(child)
        if of_child == Standing.REFUTED or not _begins_with(child, revision):
            continue
        if of_child == Standing.PROVEN:
            return of_child
        found = of_child
    return found


def _begins_with(child: Revision, base: Revision) -> bool:
    return storage.content_digest(child.open()[: base.blob.size]) == base.blob_id
