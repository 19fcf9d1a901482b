"""Publication of a sealed document, and the timestamps that documents still need."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents import queries, rules
from assembly.documents.actions import register
from assembly.documents.enums import DocumentState, RevisionPurpose
from assembly.documents.models import Document
from assembly.documents.workflow import DOCUMENT
from assembly.identity.models import User
from assembly.workflow import lock


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


def complete(document: Document) -> None:
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
        stamped = register.add_revision(
            document, sealed.content, RevisionPurpose.TIMESTAMP, parent=revision, report=revision.report
        )
        register.add_signature(stamped, sealed)
        register.append_to_manifest(stamped)
        register.mark_timestamped(document, sealed)
