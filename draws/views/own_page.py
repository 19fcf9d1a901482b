"""The page of a candidate, by a private link: confirm, read what was recorded, correct, withdraw. No account.

Opening a link writes nothing: programs that read mail open links.
"""

import json
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from assembly.ui.idempotency import repeatable
from draws.actions import candidates as actions
from draws.actions.calls import stop_news
from draws.documents.guardian import guardian_pdf, is_due
from draws.enums import CORRECTABLE, CandidateState
from draws.forms.candidates import CodeForm, CorrectForm, initial_of
from draws.models import Candidate, NextCallAddress
from draws.queries.candidates import given_to
from draws.queries.renunciation import may_renounce
from draws.rules import candidates as rules
from draws.views.apply import paper_response

WITHDRAWABLE = (*CORRECTABLE, CandidateState.INELIGIBLE, CandidateState.DUPLICATE)


def candidate_by(signer: Signer, token: str) -> Candidate | None:
    """Whoever this link belongs to; None when it was made up, or the candidature was erased."""
    public_id = rules.public_id_of(signer, token)
    rows = Candidate.objects.select_related("canton", "call__term__assembly").defer("call__term__assembly__logo_png")
    return rows.filter(public_id=public_id).first() if public_id else None


def dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "draws/own_dead.html", status=HTTPStatus.NOT_FOUND)


def page_of(row: Candidate) -> str:
    return reverse("draws:candidate-page", args=[rules.page_token(row)])


@repeatable("the right code leads to the same page again; a wrong one is counted")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply_code(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for the code of the mail; what it answers tells nothing of whether the address was known."""
    row = candidate_by(rules.CODE, token)
    if row is None:
        return dead_link(request)
    if row.state != CandidateState.UNCONFIRMED:
        return render(request, "draws/apply_known.html", {"call": row.call})
    return form_page(
        request,
        CodeForm(posted(request)),
        lambda data: actions.confirm_by_code(row, data["code"]),
        template="draws/apply_code.html",
        context={"candidate": row, "kept_days": rules.CONFIRMED_WITHIN.days},
        field="code",
        done=_("Votre candidature est enregistrée."),
        to=page_of(row),
    )


@never_cache
@login_not_required
@require_safe
def candidate_page(request: HttpRequest, token: str) -> HttpResponse:
    """What was recorded, and what may be done with it."""
    row = candidate_by(rules.PAGE, token)
    return show(request, row, token) if row else dead_link(request)


def show(request: HttpRequest, row: Candidate, token: str) -> HttpResponse:
    context: dict[str, Any] = {
        "candidate": row,
        "token": token,
        "needs": row.needs.all(),
        "can_correct": row.state in CORRECTABLE,
        "can_withdraw": row.state in WITHDRAWABLE,
        "can_renounce": row.state != CandidateState.NOT_DRAWN and may_renounce(row),
        "awaits_guardian": is_due(row),
        "withdrawn_kept_days": rules.WITHDRAWN_KEPT.days,
    }
    return render(request, "draws/own_page.html", context)


@repeatable("confirming twice is confirming")
@never_cache
@login_not_required
@require_POST
def candidate_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link came by mail: whoever opens it reads that address."""
    row = candidate_by(rules.PAGE, token)
    if row is None:
        return dead_link(request)
    actions.confirm_own(row)
    if row.state == CandidateState.SUBMITTED:
        messages.success(request, _("Votre candidature est enregistrée."))
    return redirect(page_of(row))


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def candidate_correct(request: HttpRequest, token: str) -> HttpResponse:
    """Until the list is frozen."""
    row = candidate_by(rules.PAGE, token)
    if row is None:
        return dead_link(request)
    if row.state not in CORRECTABLE:
        return redirect(page_of(row))
    initial = initial_of(row) | {"version": actions.version_of(row)}
    return form_page(
        request,
        CorrectForm(posted(request), row=row, initial=initial),
        lambda data: actions.correct(row, data, version=data["version"]),
        template="draws/own_correct.html",
        context={"candidate": row, "back": page_of(row)},
        done=_("Vos réponses sont corrigées."),
        to=page_of(row),
    )


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def candidate_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """A question, then the end of the candidature; once the list is frozen, a renunciation that leaves the list."""
    row = candidate_by(rules.PAGE, token)
    if row is None:
        return dead_link(request)
    renounces = may_renounce(row)
    if row.state not in WITHDRAWABLE and not renounces:
        return redirect(page_of(row))
    if request.method == "POST":
        if renounces:
            actions.renounce_own(row)
            messages.success(request, _("C’est noté : aucun siège ne vous sera proposé."))
        else:
            actions.withdraw_own(row)
            messages.success(request, _("Votre candidature est retirée."))
        return redirect(page_of(row))
    context = {
        "candidate": row,
        "back": page_of(row),
        "kept_days": rules.WITHDRAWN_KEPT.days,
        "renounces": renounces,
    }
    return render(request, "draws/own_withdraw.html", context)


@never_cache
@login_not_required
@require_safe
def candidate_data(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is held about this candidate, as a file."""
    row = candidate_by(rules.PAGE, token)
    if row is None:
        return dead_link(request)
    text = json.dumps(given_to(row), ensure_ascii=False, indent=2, default=str)
    name = f'attachment; filename="candidature-{row.reference}.json"'
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": name})


@never_cache
@login_not_required
@require_safe
def own_authorisation(request: HttpRequest, token: str) -> HttpResponse:
    """The paper that a parent signs, filled in; 404 for whoever is of age, or was authorised."""
    row = candidate_by(rules.PAGE, token)
    if row is None:
        return dead_link(request)
    if not is_due(row):
        raise Http404
    return paper_response(request, guardian_pdf(row.call, row))


@repeatable("agreeing twice is agreeing")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    """A parent or guardian agrees; the link dies when another one is named."""
    row = candidate_by(rules.GUARDIAN, token)
    if row is None or rules.guardian_token(row) != token:
        return dead_link(request)
    if request.method == "POST":
        actions.agree_as_guardian(row)
    context = {"candidate": row, "is_done": row.guardian_agreed_on is not None}
    return render(request, "draws/guardian.html", context)


@repeatable("RFC 8058: a mail program posts it without a page; erasing twice is erasing")
@csrf_exempt  # RFC 8058: the mail program posts without having opened the page; the token is the whole right
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def news_stop(request: HttpRequest, token: str) -> HttpResponse:
    """No longer hear of the next call: the address goes at once."""
    public_id = rules.public_id_of(rules.NEWS, token)
    if public_id is None:
        return dead_link(request)
    row = NextCallAddress.objects.filter(public_id=public_id).first()
    if request.method == "POST" and row is not None:
        stop_news(row)
    return render(request, "draws/news_stop.html", {"is_done": request.method == "POST" or row is None})
