"""Asking for a document, and what the worker writes while it makes it."""

import hashlib

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.documents.enums import RenditionState
from assembly.documents.models import Rendition
from assembly.documents.pdf.source import RenderSource, canonical_json
from assembly.documents.registry import renderers
from assembly.documents.workflows import RENDITION
from assembly.identity.models import User

RUNNING = [RenditionState.QUEUED, RenditionState.RENDERING, RenditionState.SEALING]


def fingerprint(source: RenderSource) -> str:
    """Names the content asked for: equal sources, equal fingerprints."""
    parts = [source.html, *source.stylesheets, source.title, source.reference, source.moment.isoformat()]
    data = canonical_json(source.data) if source.data is not None else b""
    files = [hashlib.sha256(file.content).hexdigest() for file in source.attachments]
    return hashlib.sha256(canonical_json([*parts, *files]) + data).hexdigest()


@transaction.atomic
def request_rendition(subject: models.Model, kind: str, *, by: User | None = None) -> Rendition:
    """Ask for a document of `kind` about `subject`; a worker makes it once this transaction commits.

    Asking twice for the same content gives the same rendition while it runs and once it is ready. Raises KeyError
    for an unknown kind, and what the renderer's `source` raises (a character no font has) before anything starts.
    """
    from assembly.documents.tasks import render_document  # noqa: PLC0415 -- the task module imports this one

    mark = fingerprint(renderers[kind].source(subject))
    label = subject._meta.label  # noqa: SLF001 -- _meta is Django's public name
    same = Rendition.objects.filter(kind=kind, subject_type=label, subject_id=str(subject.pk), fingerprint=mark)
    if found := same.filter(state__in=[*RUNNING, RenditionState.READY]).order_by("-pk").first():
        return found
    try:
        with transaction.atomic():
            rendition = Rendition.objects.create(
                kind=kind,
                subject_type=label,
                subject_id=str(subject.pk),
                fingerprint=mark,
                total=3 if renderers[kind].sealed else 2,
                requested_by=by,
            )
    except IntegrityError:
        return same.get(state__in=RUNNING)
    render_document.delay_on_commit(rendition.pk)
    return rendition


@transaction.atomic
def fail(rendition: Rendition, sentence: str) -> None:
    """Give up, with the sentence that the person who asked will read."""
    RENDITION.move(rendition, "fail", error=sentence[:300], finished_at=timezone.now())
    record("rendition.failed", rendition, by=None, kind=rendition.kind)


@transaction.atomic
def retry(rendition: Rendition, *, by: User) -> None:
    """Run a failed rendition again."""
    from assembly.documents.tasks import render_document  # noqa: PLC0415 -- the task module imports this one

    RENDITION.move(rendition, "retry", error="", finished_at=None, done=0)
    record("rendition.retried", rendition, by=by, kind=rendition.kind)
    render_document.delay_on_commit(rendition.pk)
