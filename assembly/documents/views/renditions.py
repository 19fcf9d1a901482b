"""Views of a document that is being made: its progress, the file when it is ready, a retry when it failed."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assembly.documents import queries, rules
from assembly.documents.models import Rendition
from assembly.documents.registry import renderers
from assembly.documents.views.responses import PDF, bytes_response
from assembly.documents.workflow import RENDITION
from assembly.identity.http import UserRequest


def _visible(request: UserRequest, public_id: UUID) -> Rendition:
    rows = Rendition.objects.select_related("revision__document", "revision__blob")
    rendition = get_object_or_404(rows, public_id=public_id)
    if not rules.can_read_rendition(request.user, rendition):
        raise Http404
    return rendition


@require_safe
def rendition_progress(request: UserRequest, public_id: UUID) -> HttpResponse:
    rendition = _visible(request, public_id)
    if request.headers.get("HX-Request") == "true":
        return render(request, "documents/rendition_progress.html#progress", {"rendition": rendition})
    return render(request, "documents/rendition_progress.html", {"rendition": rendition})


@require_safe
def rendition_file(request: UserRequest, public_id: UUID) -> HttpResponse:
    rendition = _visible(request, public_id)
    if not rendition.is_ready:
        raise Http404
    renderer = renderers.get(rendition.kind)  # A kind may have left the product while its files are still there.
    name = rendition.revision.document.reference if rendition.revision else renderer and renderer.file_name
    return bytes_response(request, rendition.open(), name=f"{name or rendition.kind}.pdf", media_type=PDF, inline=True)


@require_POST
def rendition_retry(request: UserRequest, public_id: UUID) -> HttpResponse:
    rendition = _visible(request, public_id)
    RENDITION.transition(rendition, "retry", by=request.user, facts={"kind": rendition.kind})
    return redirect("documents:rendition-progress", public_id=public_id)


@require_safe
def document_file(request: UserRequest, reference: str) -> HttpResponse:
    document = queries.document_by_reference(reference)
    if document is None or not rules.can_read_document(request.user, document):
        raise Http404
    revision = queries.current_revision(document)
    if revision is None:
        raise Http404
    return bytes_response(
        request, revision.open(), name=f"{document.reference}.pdf", media_type=PDF, etag=revision.sha256, inline=True
    )
