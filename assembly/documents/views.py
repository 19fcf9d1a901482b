"""« Vérifier un document », published documents, documents that are being made, files from people.

Verification is public, works without JavaScript and stores nothing of what is sent. A hash is no key: the register of
hashes is public. By hash alone a document that is not published gets its verdict and nothing else; a visitor who sends
the file itself reads its title and dates, and no private person's name. Files from people are visible to those to whom
an app grants them, saved and never shown by the browser.
"""

from itertools import batched
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents import forms, queries, rules, verification
from assembly.documents.actions import checks
from assembly.documents.forms import VerifyFileForm
from assembly.documents.models import Check, CheckLimit, Rendition, Upload, Verdict, VerificationState
from assembly.documents.queries import LINES_A_PAGE
from assembly.documents.registry import renderers, site_pages
from assembly.documents.responses import PDF, ChunkedFileResponse, bytes_response
from assembly.documents.verification import VerificationResult
from assembly.documents.workflow import RENDITION
from assembly.files.pdf_picture import draw_pages
from assembly.identity.http import UserRequest
from assembly.speed.page_cache import public_page
from assembly.web import errors
from assembly.web.pagination import keyset_page
from assembly.web.request_bodies import takes_files

TEMPLATE = "documents/verify.html"
RETRY_SECONDS = "300"


def _facts(request: HttpRequest, answer: VerificationResult, *, seen_file: bool, sent: bool = False) -> dict[str, Any]:
    """Return what the page may show; `seen_file`: about exact bytes, `sent`: the server has hashed them."""
    document, revision = answer.document, answer.revision
    can_read = document is not None and rules.can_read_document(request.user, document)
    is_published = revision is not None and document is not None and document.published_revision_id == revision.pk
    reads_it = can_read and (document is None or document.published_revision_id is None)
    return {
        "answer": answer,
        "seen_file": seen_file,
        "shows_document": document is not None and answer.verdict != Verdict.UNPROVEN and (sent or can_read),
        "can_read": can_read,
        "shows_names": is_published or reads_it,
        "shows_seal": is_published or reads_it or sent,
        "limit": CheckLimit(answer.limit).label if answer.limit else "",
        "entry": answer.revision.manifest.first() if answer.revision else None,
    }


def _page(request: HttpRequest, form: VerifyFileForm | None = None, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, TEMPLATE, {"form": form or VerifyFileForm(), **context}, status=status)


def _result_page(
    request: HttpRequest, answer: VerificationResult, *, seen_file: bool, sent: bool = False, **context: Any
) -> HttpResponse:
    """Return the verdict, or a page that polls while a worker reads the seal of the document."""
    facts = _facts(request, answer, seen_file=seen_file, sent=sent)
    if answer.pending_seal and (seen_file or facts["can_read"]):
        checks.request_seal_check(answer.pending_seal)
        return _page(request, waiting=True, reads_seal=True)
    return _page(request, sent=sent, **context, **facts)


@takes_files
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _check_upload(request)
    if sha256 := request.GET.get("empreinte", "").strip().lower():
        return _result_page(request, verification.by_hash(sha256), seen_file=True, sha256=sha256)
    if reference := request.GET.get("reference", "").strip():
        document = queries.document_by_reference(reference)
        if document is not None:
            return redirect("documents:verify-document", reference=document.reference)
        return _page(
            request, asked=reference[:60], **_facts(request, VerificationResult(Verdict.UNKNOWN), seen_file=False)
        )
    return _page(request)


def _check_upload(request: HttpRequest) -> HttpResponse:
    """Answer a whole file: known bytes at once, in this response alone; others are read by a worker."""
    form = VerifyFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    sha256 = form.sha256()
    answer = verification.by_hash(sha256)
    if answer.document is not None and not answer.pending_seal:
        return _page(request, sha256=sha256, sent=True, **_facts(request, answer, seen_file=True, sent=True))
    if not forms.may_send_unknown_file(request):
        return errors.too_many(request)
    try:
        check = checks.queue_check(form.cleaned_data["file"], sha256)
    except checks.TooManyWaiting:
        form.add_waiting_error()
        response = _page(request, form, status=503)
        response["Retry-After"] = RETRY_SECONDS
        return response
    return redirect("documents:check", public_id=check.public_id)


@login_not_required
@require_safe
def check_result(request: HttpRequest, public_id: UUID) -> HttpResponse:
    check = get_object_or_404(Check, public_id=public_id)
    if check.state == VerificationState.QUEUED:
        return _page(request, waiting=True)
    return _result_page(request, verification.of_check(check), seen_file=True, sent=True, sha256=check.sha256)


@login_not_required
@require_safe
def document_verify(request: HttpRequest, reference: str) -> HttpResponse:
    return _result_page(request, verification.by_reference(reference), seen_file=False, asked=reference[:60])


@login_not_required
@require_safe
def short_address(request: HttpRequest, reference: str) -> HttpResponse:
    return redirect("documents:verify-document", reference=reference)


@login_not_required
@require_safe
@public_page
def publication_list(request: HttpRequest) -> HttpResponse:
    rows = queries.published()
    page = keyset_page(rows.for_screen(), request, ordering=("-published_at", "-pk"))
    pages = site_pages(page.rows)
    lines = [(document, pages.get(document.pk)) for document in page]
    return render(request, "documents/publication_list.html", {"page": page, "lines": lines, "count": rows.count()})


@login_not_required
@require_safe
def publication_file(request: HttpRequest, reference: str) -> HttpResponse:
    document = queries.published().filter(reference=reference).first()
    if document is None or document.published_revision is None:
        raise Http404
    revision = document.published_revision
    return bytes_response(
        request, revision.open(), name=f"{document.reference}.pdf", media_type=PDF, etag=revision.sha256, inline=True
    )


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponseBase:
    pieces = ("".join(lines) for lines in batched(queries.manifest_lines(), LINES_A_PAGE))
    return ChunkedFileResponse(pieces, content_type="application/jsonl; charset=utf-8")


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


@login_not_required
@require_safe
def upload_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    upload = get_object_or_404(Upload.objects.select_related("blob"), public_id=public_id)
    if rules.can_await_upload(request.user, upload):
        return errors.page(request, 503, "documents/upload_waiting.html")
    if not rules.can_read_upload(request.user, upload):
        raise Http404
    return bytes_response(request, upload.blob.open(), name=upload.name, media_type=upload.blob.media_type)


@require_safe
def upload_preview(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Return the picture of the first pages of a PDF: the browser opens no file that somebody sent."""
    upload = get_object_or_404(Upload.objects.select_related("blob"), public_id=public_id)
    if not rules.can_read_upload(request.user, upload) or upload.blob.media_type != PDF:
        raise Http404
    picture = draw_pages(upload.blob.open())
    if picture is None:
        raise Http404
    return bytes_response(request, picture, name=f"{public_id}.png", media_type="image/png")
