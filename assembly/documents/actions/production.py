"""Making a document: lay out, seal, store. Safe to run twice, safe to die in the middle: nothing is half kept."""

import logging
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents import blobs
from assembly.documents.actions import register, renditions
from assembly.documents.enums import RevisionPurpose
from assembly.documents.models import Rendition, Revision
from assembly.documents.models.storage import BlobDamaged
from assembly.documents.pdf.render import RenderFailed, render
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Renderer, renderers
from assembly.documents.seal.interface import SealedBytes, SealRefused, SealUnavailable, TimestampUnavailable
from assembly.documents.workflows import RENDITION

PDF = "application/pdf"
ATTEMPTS = 5
TIMESTAMP_ATTEMPTS = 3
log = logging.getLogger("assembly.documents")


def fulfil(rendition: Rendition) -> None:
    """Make what was asked. A refusal of the content is final and said; what may pass is tried again later."""
    if not renditions.claim_rendition(rendition):
        return
    rendition.refresh_from_db()
    try:
        _make(rendition)
    except (RenderFailed, ValidationError) as refusal:
        sentence = refusal.sentence if isinstance(refusal, RenderFailed) else " ".join(refusal.messages)
        log.warning("rendition %s failed: %s", rendition.pk, getattr(refusal, "detail", "") or type(refusal).__name__)
        renditions.fail(rendition, sentence)
    except SealRefused as refusal:
        log.error("rendition %s is not sealed: %s", rendition.pk, refusal)
        renditions.fail(rendition, str(refusal))
    except (SealUnavailable, TimestampUnavailable, OSError) as absence:
        log.warning("rendition %s waits: %s", rendition.pk, type(absence).__name__)
        _try_later(rendition, absence)
    except BlobDamaged as damaged:
        log.error("rendition %s failed: the file %s is missing or changed", rendition.pk, damaged)
        renditions.fail(
            rendition, _("Une pièce du document manque sur notre serveur. L’équipe technique est prévenue.")
        )
    except Exception:
        renditions.fail(rendition, _("La production a échoué. L’équipe technique est prévenue."))
        raise


def _try_later(rendition: Rendition, absence: Exception) -> None:
    if rendition.attempts < ATTEMPTS:
        renditions.put_back(rendition)
        return
    why = str(absence) if isinstance(absence, SealUnavailable) else ""
    renditions.fail(rendition, why or _("Le cachet n’est pas disponible : vérifiez les clés, puis relancez."))


def _make(rendition: Rendition) -> None:
    renderer = renderers[rendition.kind]
    subject = renderer.load(rendition.subject_id)
    source = renderer.source(subject)
    if renderer.sealed:
        _needs_what_was_asked(rendition, source)
        _needs_its_reference(renderer, subject, source)
    base = render(source)
    if renderer.sealed:
        RENDITION.follow(rendition, "seal", done=1)
        sealed, complete = _seal(base, rendition)
        report = {"visas": [asdict(visa) for visa in renderer.visas(subject)], "facts": dict(source.facts or {})}
        _keep_sealed(rendition, renderer, subject, base, sealed, complete=complete, report=report)
    else:
        _keep_plain(rendition, renderer, subject, base)


def _needs_what_was_asked(rendition: Rendition, source: RenderSource) -> None:
    """A seal covers the content that somebody asked for, which the visas approve: one that changed while the work
    waited for a worker or for a key is asked for again."""
    if renditions.rendition_fingerprint(source) != rendition.fingerprint:
        raise ValidationError(
            _("Le contenu a changé depuis la demande : relisez-le, puis demandez de nouveau le document."),
            code="changed",
        )


def _needs_its_reference(renderer: Renderer, subject: object, source: RenderSource) -> None:
    """A seal counts only for the document whose reference is in the sealed bytes."""
    named = renderer.identity(subject).reference
    if source.reference != named:
        raise ValueError(f"{renderer.kind}: the file says {source.reference}, the register {named}.")


def _seal(base: bytes, rendition: Rendition) -> tuple[SealedBytes, bool]:
    """The sealed file, and whether it carries every proof that this installation promises.

    An authority that does not answer is asked again by later attempts; the last one seals without it, and the
    document waits unpublished in its own state.
    """
    from assembly.documents.seal import sealing  # noqa: PLC0415 -- the engine costs 0.7 s of every start; only who seals pays it

    authority = sealing.timestamper()
    try:
        return sealing.seal_pdf(base, authority=authority), True
    except TimestampUnavailable:
        if rendition.attempts < TIMESTAMP_ATTEMPTS:
            raise
    return sealing.seal_pdf(base), False


@transaction.atomic
def _keep_sealed(
    rendition: Rendition,
    renderer: Renderer,
    subject: object,
    base: bytes,
    sealed: SealedBytes,
    *,
    complete: bool,
    report: dict[str, Any],
) -> None:
    document = register.enter(renderer, subject, rendition)
    first = register.add_revision(document, base, RevisionPurpose.BASE)
    revision = register.add_revision(document, sealed.content, RevisionPurpose.SEAL, parent=first, report=report)
    register.add_signature(revision, sealed)
    register.append_to_manifest(revision)
    register.mark_sealed(document, complete=complete)
    _finish(rendition, renderer, subject, revision)


@transaction.atomic
def _keep_plain(rendition: Rendition, renderer: Renderer, subject: object, content: bytes) -> None:
    blob = blobs.store_blob(content, PDF)
    RENDITION.follow(rendition, "finish", done=rendition.total, finished_at=timezone.now(), blob=blob)
    renderer.on_ready(rendition, None, subject)


def _finish(rendition: Rendition, renderer: Renderer, subject: object, revision: Revision) -> None:
    RENDITION.follow(rendition, "finish", done=rendition.total, finished_at=timezone.now(), revision=revision)
    renderer.on_ready(rendition, revision, subject)
