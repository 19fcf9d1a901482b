"""« Vérifier un document »: public, works without JavaScript, keeps nothing of what is sent."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assembly.documents import queries, rules, throttle, verification
from assembly.documents.actions import checks
from assembly.documents.enums import CheckState, Verdict
from assembly.documents.forms import VerifyFileForm
from assembly.documents.models import Check
from assembly.documents.verification import Answer
from assembly.ui import errors

TEMPLATE = "documents/verify.html"


def _facts(request: HttpRequest, answer: Answer, *, seen_file: bool) -> dict[str, Any]:
    """What the page may say: a private document named by its reference alone shows neither title nor file."""
    document = answer.document
    can_read = document is not None and rules.can_read_document(request.user, document)
    return {
        "answer": answer,
        "seen_file": seen_file,
        "told": document is not None and (seen_file or can_read),
        "can_read": can_read,
        "entry": answer.revision.manifest.first() if answer.revision else None,
    }


def _page(request: HttpRequest, form: VerifyFileForm | None = None, **context: Any) -> HttpResponse:
    return render(request, TEMPLATE, {"form": form or VerifyFileForm(), **context})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _sent(request)
    if sha256 := request.GET.get("empreinte", "").strip().lower():
        return _page(request, sha256=sha256, **_facts(request, verification.by_hash(sha256), seen_file=True))
    if reference := request.GET.get("reference", "").strip():
        document = queries.document(reference)
        if document is not None:
            return redirect("documents:verify-document", reference=document.reference)
        return _page(request, asked=reference[:60], **_facts(request, Answer(Verdict.UNKNOWN), seen_file=False))
    return _page(request)


def _sent(request: HttpRequest) -> HttpResponse:
    """A file sent whole: known bytes are answered at once, unknown ones are read by a worker."""
    form = VerifyFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    sha256 = form.sha256()
    if verification.by_hash(sha256).document is not None:
        return redirect(f"{reverse('documents:verify')}?empreinte={sha256}")
    if not throttle.may_send_unknown_file(request):
        return errors.too_many(request)
    check = checks.open_check(form.cleaned_data["file"], sha256)
    return redirect("documents:check", public_id=check.public_id)


@login_not_required
@require_safe
def check_result(request: HttpRequest, public_id: UUID) -> HttpResponse:
    check = get_object_or_404(Check, public_id=public_id)
    if check.state == CheckState.QUEUED:
        return _page(request, waiting=check)
    document = queries.document(check.reference) if check.reference else None
    answer = Answer(Verdict(check.verdict), document, document.published_revision if document else None)
    return _page(request, check=check, sha256=check.sha256, **_facts(request, answer, seen_file=True))


@login_not_required
@require_safe
def document_verify(request: HttpRequest, reference: str) -> HttpResponse:
    answer = verification.by_reference(reference)
    return _page(request, asked=reference[:60], **_facts(request, answer, seen_file=False))


@login_not_required
@require_safe
def short_address(request: HttpRequest, reference: str) -> HttpResponse:
    return redirect("documents:verify-document", reference=reference)
