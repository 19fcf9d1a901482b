"""Asking for a document, and what the worker writes while it makes it."""

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from assembly.documents import blobs
from assembly.documents.enums import RUNNING, RenditionState
from assembly.documents.models import Rendition
from assembly.documents.pdf.source import RenderSource, canonical_json
from assembly.documents.registry import renderers
from assembly.documents.workflows import RENDITION, enqueue
from assembly.identity.models import User
from assembly.workflow import StateConflict

KEPT_FOR = timedelta(days=30)
STALE = timedelta(minutes=3)
STEPS_SEALED = 3
STEPS_PLAIN = 2


def rendition_fingerprint(source: RenderSource) -> str:
    """Names the content asked for: equal pages, equal fingerprints, whatever the moment they were asked."""
    parts = [source.html, *source.stylesheets, source.title, source.reference]
    data = canonical_json(source.data) if source.data is not None else b""
    files = [hashlib.sha256(file.content).hexdigest() for file in source.attachments]
    return hashlib.sha256(canonical_json([*parts, *files]) + data).hexdigest()


@transaction.atomic
def request_rendition(subject: models.Model, kind: str, *, by: User | None = None, loaded: Any = None) -> Rendition:
    """Ask for a document of `kind` about `subject`; a worker makes it once this transaction commits.

    Asking twice for the same content gives the same rendition while it runs. The content is read from the database, as
    the worker will read it; `loaded` is what the renderer's `load` gave, where this transaction has called it already.
    Raises KeyError for an unknown kind.
    """
    renderer = renderers[kind]
    mark = rendition_fingerprint(renderer.source(loaded or renderer.load(str(subject.pk))))
    label = subject._meta.label  # noqa: SLF001 -- _meta is Django's public name
    same = Rendition.objects.filter(
        kind=kind, subject_type=label, subject_id=str(subject.pk), fingerprint=mark, state__in=RUNNING
    )
    if found := same.first():
        return found
    try:
        with transaction.atomic():
            rendition = Rendition.objects.create(
                kind=kind,
                subject_type=label,
                subject_id=str(subject.pk),
                fingerprint=mark,
                total=STEPS_SEALED if renderer.sealed else STEPS_PLAIN,
                requested_by=by,
            )
    except IntegrityError:
        return same.get()
    enqueue(rendition)
    return rendition


def claim_rendition(rendition: Rendition) -> bool:
    """Claim a queued rendition for this worker; False when it is not waiting."""
    try:
        RENDITION.move(rendition, "take", attempts=models.F("attempts") + 1, started_at=timezone.now(), done=0)
    except StateConflict:
        return False
    return True


def put_back(rendition: Rendition) -> None:
    """Leave it to a later attempt: a key or an authority that is away for a while."""
    RENDITION.follow(rendition, "requeue", done=0)


def fail(rendition: Rendition, sentence: str) -> None:
    """Give up, with the sentence that the person who asked will read."""
    facts = {"kind": rendition.kind}
    RENDITION.follow(rendition, "fail", facts=facts, error=sentence[:300], finished_at=timezone.now())


def forget_old() -> int:
    """Delete files that are no documents (drafts, letters, certificates) a month after they were made."""
    old = Rendition.objects.filter(blob__isnull=False, finished_at__lt=timezone.now() - KEPT_FOR)
    return _forget(old)


def forget_about(subjects: Mapping[str, Iterable[int]]) -> int:
    """Delete the files without register made about these things (label → keys): they name somebody who was erased."""
    wanted = models.Q()
    for label, keys in subjects.items():
        wanted |= models.Q(subject_type=label, subject_id__in=[str(key) for key in keys])
    return _forget(Rendition.objects.filter(wanted, blob__isnull=False)) if wanted else 0


def _forget(rows: models.QuerySet[Rendition]) -> int:
    """A file that something else still names stays."""
    forgotten = 0
    for rendition in rows.select_related("blob"):
        with contextlib.suppress(models.ProtectedError), transaction.atomic():
            rendition.delete()
            forgotten += 1
        if rendition.blob is not None:
            with contextlib.suppress(models.ProtectedError), transaction.atomic():
                blobs.delete_unused_blob(rendition.blob)
    return forgotten


@transaction.atomic
def sweep() -> list[int]:
    """Put back renditions whose worker died, and tell workers about all that waits. Returns what waits."""
    late = timezone.now() - STALE
    working = [RenditionState.RENDERING, RenditionState.SEALING]
    for dead in Rendition.objects.filter(state__in=working, started_at__lt=late).select_for_update(
        skip_locked=True, no_key=True
    ):
        put_back(dead)
    waiting = list(Rendition.objects.filter(state=RenditionState.QUEUED).order_by("pk"))
    for rendition in waiting:
        enqueue(rendition)
    return [rendition.pk for rendition in waiting]
