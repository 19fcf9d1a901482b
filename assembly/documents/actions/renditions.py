"""Requests for a document, and the work of a worker on them: lay out, seal, store.

Each step is idempotent and may be interrupted: nothing is half stored.
"""

import contextlib
import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents import storage
from assembly.documents.actions import register
from assembly.documents.models import Rendition, RenditionState, RevisionPurpose, delete_unused_blob, store_blob
from assembly.documents.pdf.render import RenderFailed, render
from assembly.documents.pdf.source import RenderSource, canonical_json
from assembly.documents.queries import latest_ready
from assembly.documents.registry import Identity, Renderer, renderers
from assembly.documents.seal.interface import SealedBytes, SealRefused, SealUnavailable, TimestampUnavailable
from assembly.documents.workflow import RENDER_TASK, RENDITION, enqueue
from assembly.identity.models import User
from assembly.jobs import hints
from assembly.workflow import StateConflict

RETENTION = timedelta(days=30)
STALE = timedelta(minutes=3)
ATTEMPTS = 5
TIMESTAMP_ATTEMPTS = 3
STEPS_SEALED = 3
STEPS_PLAIN = 2
log = logging.getLogger("assembly.documents")


def rendition_fingerprint(source: RenderSource) -> str:
    """Return the digest of the requested content: equal pages have equal fingerprints, whatever the moment."""
    parts = [source.html, *source.stylesheets, source.title, source.reference]
    data = canonical_json(source.data) if source.data is not None else b""
    files = [hashlib.sha256(file.content).hexdigest() for file in source.attachments]
    return hashlib.sha256(canonical_json([*parts, *files]) + data).hexdigest()


def is_up_to_date(subject: models.Model, kind: str) -> bool:
    """Return whether the last file of this kind matches the database now; True where no file was made."""
    label, key = subject._meta.label, str(subject.pk)
    latest = latest_ready(label, key, kind)
    renderer = renderers[kind]
    return latest is None or latest.fingerprint == rendition_fingerprint(renderer.source(renderer.load(key)))


def request_rendition(subject: models.Model, kind: str, *, by: User | None = None) -> Rendition:
    """Request a document of `kind` about `subject`, read from the database as the worker will read it.

    A second request for the same content returns the same rendition while it runs. Raises KeyError for an unknown
    kind.
    """
    loaded = renderers[kind].load(str(subject.pk))
    return request_renditions(subject, [kind], loaded, by=by)[0]


@transaction.atomic
def request_renditions(
    subject: models.Model, kinds: Sequence[str], loaded: Any, *, by: User | None = None
) -> list[Rendition]:
    """Request several documents about `subject`; a worker makes them one after the other, once this commits.

    `loaded`: what the shared `load` of their renderers returned in this transaction.
    """
    renditions = [_request_one(subject, kind, loaded, by) for kind in kinds]
    hints.send_at_commit(RENDER_TASK, *(rendition.pk for rendition in renditions))
    return renditions


def _request_one(subject: models.Model, kind: str, loaded: Any, by: User | None) -> Rendition:
    renderer = renderers[kind]
    mark = rendition_fingerprint(renderer.source(loaded))
    label = subject._meta.label
    same = Rendition.objects.filter(
        kind=kind,
        subject_type=label,
        subject_id=str(subject.pk),
        fingerprint=mark,
        state__in=RenditionState.tagged("running"),
    )
    if rendition := same.first():
        return rendition
    try:
        with transaction.atomic():
            return Rendition.objects.create(
                kind=kind,
                subject_type=label,
                subject_id=str(subject.pk),
                fingerprint=mark,
                total=STEPS_SEALED if renderer.sealed else STEPS_PLAIN,
                requested_by=by,
            )
    except IntegrityError:
        return same.get()


def claim_rendition(rendition: Rendition) -> bool:
    """Claim a queued rendition for this worker; return False when it is not queued."""
    try:
        RENDITION.set_state(rendition, "take", attempts=models.F("attempts") + 1, started_at=timezone.now(), done=0)
    except StateConflict:
        return False
    return True


def requeue(rendition: Rendition) -> None:
    """Requeue a rendition: a key or an authority cannot be reached for a while."""
    RENDITION.follow(rendition, "requeue", done=0)


def fail(rendition: Rendition, sentence: str) -> None:
    """Mark the rendition as failed, with the sentence that its requester will read."""
    facts = {"kind": rendition.kind}
    RENDITION.follow(rendition, "fail", facts=facts, error=sentence[:300], finished_at=timezone.now())


def fulfil(*renditions: Rendition) -> None:
    """Make the requested files; the files of one request read their subject once.

    An unforeseen error ends the loop: the sweep sends the rest to a worker again.
    """
    subject: Any = None
    for rendition in renditions:
        if claim_rendition(rendition):
            rendition.refresh_from_db()
            subject = _attempt(rendition, subject)


def _attempt(rendition: Rendition, subject: Any) -> Any:
    """Make one file, of `subject` where it was read already; return the subject for the next file.

    A refusal of the content is final and shown; a temporary failure is retried later.
    """
    try:
        subject = subject or renderers[rendition.kind].load(rendition.subject_id)
        _make(rendition, subject)
    except (RenderFailed, ValidationError) as refusal:
        sentence = refusal.sentence if isinstance(refusal, RenderFailed) else " ".join(refusal.messages)
        log.warning("rendition %s failed: %s", rendition.pk, getattr(refusal, "detail", "") or type(refusal).__name__)
        fail(rendition, sentence)
    except SealRefused as refusal:
        log.error("rendition %s is not sealed: %s", rendition.pk, refusal)
        fail(rendition, str(refusal))
    except (SealUnavailable, TimestampUnavailable, OSError) as absence:
        log.warning("rendition %s waits: %s", rendition.pk, type(absence).__name__)
        _retry_later(rendition, absence)
    except storage.BlobDamaged as damaged:
        log.error("rendition %s failed: the file %s is missing or changed", rendition.pk, damaged)
        fail(rendition, _("Une pièce du document manque sur notre serveur. L’équipe technique est prévenue."))
    except Exception:
        fail(rendition, _("La production a échoué. L’équipe technique est prévenue."))
        raise
    else:
        return subject
    return None  # Its rows may hold values that were rolled back.


def _retry_later(rendition: Rendition, absence: Exception) -> None:
    if rendition.attempts < ATTEMPTS:
        requeue(rendition)
        return
    why = str(absence) if isinstance(absence, SealUnavailable) else ""
    fail(rendition, why or _("Le cachet n’est pas disponible : vérifiez les clés, puis relancez."))


def _make(rendition: Rendition, subject: Any) -> None:
    renderer = renderers[rendition.kind]
    source = renderer.source(subject)
    if not renderer.sealed:
        _store_plain(rendition, renderer, subject, render(source))
        return
    identity = renderer.identity(subject)
    _check_unchanged(rendition, source)
    _check_reference(renderer, identity, source)
    base = render(source)
    RENDITION.follow(rendition, "seal", done=1)
    sealed, complete = _seal(base, rendition)
    with transaction.atomic():
        document = register.enter(identity, renderer.audience, rendition)
        first = register.add_revision(document, base, RevisionPurpose.BASE)
        report = {"visas": [asdict(visa) for visa in renderer.visas(subject)], "facts": dict(source.facts or {})}
        revision = register.add_revision(document, sealed.content, RevisionPurpose.SEAL, parent=first, report=report)
        register.add_signature(revision, sealed)
        register.append_to_manifest(revision)
        register.mark_sealed(document, complete=complete)
        RENDITION.follow(rendition, "finish", done=rendition.total, finished_at=timezone.now(), revision=revision)
        renderer.on_ready(rendition, revision, subject)


def _check_unchanged(rendition: Rendition, source: RenderSource) -> None:
    """Raise ValidationError when the content changed since the request.

    A seal covers the content that was requested, which the visas approve. One that changed while the rendition waited
    for a worker or for a key has to be requested again.
    """
    if rendition_fingerprint(source) != rendition.fingerprint:
        raise ValidationError(
            _("Le contenu a changé depuis la demande : relisez-le, puis demandez de nouveau le document."),
            code="changed",
        )


def _check_reference(renderer: Renderer, identity: Identity, source: RenderSource) -> None:
    """Raise ValueError unless the reference is in the bytes to be sealed: a seal counts for that document only."""
    if source.reference != identity.reference:
        raise ValueError(f"{renderer.kind}: the file says {source.reference}, the register {identity.reference}.")


def _seal(base: bytes, rendition: Rendition) -> tuple[SealedBytes, bool]:
    """Return the sealed file, and whether it has every proof that this installation promises.

    When the authority does not answer, later attempts try it again; the last one seals without it, and the document
    waits unpublished in its own state.
    """
    from assembly.documents.seal import sealing  # noqa: PLC0415 -- loading the engine takes 0.7 s, which only a process that seals needs

    authority = sealing.timestamper()
    try:
        return sealing.seal_pdf(base, authority=authority), True
    except TimestampUnavailable:
        if rendition.attempts < TIMESTAMP_ATTEMPTS:
            raise
    return sealing.seal_pdf(base), False


@transaction.atomic
def _store_plain(rendition: Rendition, renderer: Renderer, subject: object, content: bytes) -> None:
    blob = store_blob(content, register.PDF)
    RENDITION.follow(rendition, "finish", done=rendition.total, finished_at=timezone.now(), blob=blob)
    renderer.on_ready(rendition, None, subject)


def delete_expired() -> int:
    """Delete files that are no documents (drafts, letters, certificates) a month after they were made."""
    old = Rendition.objects.filter(blob__isnull=False, finished_at__lt=timezone.now() - RETENTION)
    return _delete(old)


def delete_renditions_about(subjects: Mapping[str, Iterable[int]]) -> int:
    """Delete the unregistered files about these objects (label → keys), which name somebody whose data are erased."""
    condition = models.Q()
    for label, keys in subjects.items():
        condition |= models.Q(subject_type=label, subject_id__in=[str(key) for key in keys])
    return _delete(Rendition.objects.filter(condition, blob__isnull=False)) if condition else 0


def _delete(rows: models.QuerySet[Rendition]) -> int:
    """Delete these renditions and their files, except a file that another row still refers to."""
    count = 0
    for rendition in rows.select_related("blob"):
        with contextlib.suppress(models.ProtectedError), transaction.atomic():
            rendition.delete()
            count += 1
        if rendition.blob is not None:
            with contextlib.suppress(models.ProtectedError), transaction.atomic():
                delete_unused_blob(rendition.blob)
    return count


@transaction.atomic
def sweep() -> list[int]:
    """Requeue renditions of dead workers and send workers to all queued ones; return the keys of these."""
    late = timezone.now() - STALE
    for stale in Rendition.objects.filter(
        state__in=RenditionState.tagged("taken"), started_at__lt=late
    ).select_for_update(skip_locked=True, no_key=True):
        requeue(stale)
    waiting = list(Rendition.objects.filter(state=RenditionState.QUEUED).order_by("pk"))
    for rendition in waiting:
        enqueue(rendition)
    return [rendition.pk for rendition in waiting]
