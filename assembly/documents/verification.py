"""« Vérifier un document »: the register answers first, a worker reads only what the register does not know."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from assembly.documents import queries
from assembly.documents.enums import DocumentState, Verdict
from assembly.documents.models import Document, Revision, Signature
from assembly.documents.seal import checking

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Answer:
    """A verdict, and the document that it is about when there is one."""

    verdict: Verdict
    document: Document | None = None
    revision: Revision | None = None

    @property
    def signature(self) -> Signature | None:
        """The seal of the revision."""
        if self.revision is None:
            return None
        revisions = [pk for pk in (self.revision.pk, self.revision.parent_id) if pk]
        return Signature.objects.filter(revision_id__in=revisions).order_by("-revision__number").first()

    @property
    def visas(self) -> list[dict[str, Any]]:
        """Approvals given before the seal."""
        kept = self.revision.report.get("visas", []) if self.revision else []
        return [{**visa, "given_at": datetime.fromisoformat(visa["given_at"])} for visa in kept]


def _verdict(revision: Revision) -> Verdict:
    """Where a known file stands among the revisions of its document.

    A newer seal that waits for its publication does not yet replace the published one: both are in force.
    """
    document = revision.document
    current = queries.current_revision(document)
    if current is None or not revision.is_sealed:
        return Verdict.UNFINISHED
    if document.state == DocumentState.SUPERSEDED:
        return Verdict.SUPERSEDED
    if revision.pk in {current.pk, document.published_revision_id}:
        return Verdict.CURRENT
    return Verdict.UNFINISHED if current.parent_id == revision.pk else Verdict.SUPERSEDED


def by_hash(sha256: str) -> Answer:
    """The answer for exact bytes, from the register alone."""
    revision = queries.revision_of(sha256) if SHA256.fullmatch(sha256) else None
    if revision is None:
        return Answer(Verdict.UNKNOWN)
    return Answer(_verdict(revision), revision.document, revision)


def by_reference(reference: str) -> Answer:
    """What the register holds under a printed reference."""
    document = queries.document(reference)
    if document is None:
        return Answer(Verdict.UNKNOWN)
    revision = document.published_revision or queries.current_revision(document)
    verdict = _verdict(revision) if revision else Verdict.UNKNOWN
    return Answer(verdict, document, revision)


def of_unknown_file(report: dict[str, Any]) -> Answer:
    """The answer for a file that the register does not know: ours but changed, or not ours.

    It is said to be altered when it carries one of our references or a certificate that sealed one of ours,
    whatever its signatures say: the register is the authority.
    """
    document = queries.document(report["reference"]) if report.get("reference") else None
    if document is None:
        serials = [signature["serial"] for signature in report.get("signatures", [])]
        seal = Signature.objects.filter(serial__in=serials).first() if serials else None
        return Answer(Verdict.ALTERED if seal else Verdict.UNKNOWN)
    return Answer(Verdict.ALTERED, document, document.published_revision)


def of_file(path: Path) -> Answer:
    """The whole question for a file at hand: register first, then its own signatures."""
    with path.open("rb") as file:
        answer = by_hash(hashlib.file_digest(file, "sha256").hexdigest())
    if answer.verdict != Verdict.UNKNOWN:
        return answer
    return of_unknown_file(checking.check(path, Path(settings.SEAL_TRUST_FILE)))
