"""The report of a hearing: rich text saved as one types, a plain form without script."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.ui.untrusted_input import whole_number
from assembly.ui.words import time_words
from consultations.actions import hearings as actions
from consultations.forms.hearings import ReportForm
from consultations.models import Hearing
from consultations.rules import briefing as rules
from consultations.views.hearings import desk_hearing
from sessions.rules.rich_text import from_plain, to_plain

CONFLICT, REFUSED = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
def hearing_report(request: UserRequest, pk: int) -> HttpResponse:
    found = desk_hearing(request, pk)
    if not rules.can_write_report(request.user, found):
        raise PermissionDenied
    if request.method != "POST":
        return page(request, found)
    if request.headers.get("Accept") == "application/json":
        return save_as_typed(request, found)
    return save_form(request, found)


def page(request: UserRequest, found: Hearing, *, status: int = 200, **typed: Any) -> HttpResponse:
    plain = to_plain(found.report)
    words = {"text": found.report, "format": "html"} if plain is None else {"text": plain, "format": "text"}
    context = {
        "hearing": found,
        "referral": found.referral,
        "form": ReportForm(initial={**words, "revision": found.report_version}),
        "report_html": found.report,
        "theirs": None,
    }
    return render(request, "consultations/hearing_report.html", context | typed, status=status)


def save_as_typed(request: UserRequest, found: Hearing) -> JsonResponse:
    version = whole_number(request.POST.get("revision", ""), otherwise=0)
    try:
        saved = actions.write_report(found, request.POST.get("html", ""), version=version, by=request.user)
    except actions.ReportOvertaken as kept:
        told = {"code": "overtaken", "by": _("quelqu’un d’autre"), "mine": kept.html, "theirs": kept.current.report}
        sentence = " ".join(kept.messages)
        return JsonResponse({**told, "sentence": sentence, "revision": kept.current.report_version}, status=CONFLICT)
    except ValidationError as refused:
        return JsonResponse({"sentence": " ".join(refused.messages)}, status=REFUSED)
    at = time_words(saved.report_saved_at) if saved.report_saved_at else ""
    return JsonResponse({"revision": saved.report_version, "at": at, "names": []})


def save_form(request: UserRequest, found: Hearing) -> HttpResponse:
    form = ReportForm(request.POST)
    if not form.is_valid():
        return page(request, found, form=form, status=REFUSED)
    data = form.cleaned_data
    html = data["text"] if data["format"] == "html" else from_plain(data["text"])
    try:
        actions.write_report(found, html, version=data["revision"], by=request.user)
    except actions.ReportOvertaken as kept:
        shown = ReportForm({**data, "revision": kept.current.report_version})
        shown.add_error(None, kept.messages)
        return page(request, found, form=shown, report_html=kept.html, theirs=kept.current.report, status=CONFLICT)
    except ValidationError as refused:
        form.add_error("text", refused.messages)
        return page(request, found, form=form, report_html=html, status=REFUSED)
    messages.success(request, _("Le compte rendu est enregistré."))
    return redirect("consultations:hearing", found.pk)
