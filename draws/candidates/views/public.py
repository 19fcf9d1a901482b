"""The public form, and the page of a candidate by a private link: no account.

Opening a link writes nothing: programs that read mail open links.
"""

import json
from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.responses import bytes_response
from assembly.identity.attempts import TooManyAttempts
from assembly.identity.personal_links import PersonalLink
from assembly.identity.views import ended_page
from assembly.speed.page_cache import public_page
from assembly.text.french import format_date
from assembly.web.errors import too_many
from assembly.web.forms import attach_refusal, posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from draws.calls import rules
from draws.calls.actions import stop_news
from draws.calls.queries import CallCell, call_cells, extensions_of, is_frozen, public_call
from draws.candidates import actions, documents, rules as candidates_rules
from draws.candidates.documents import guardian_pdf, is_due
from draws.candidates.forms import ApplyForm, CodeForm, CorrectForm, FormStep, initial_of
from draws.candidates.queries import stored_data
from draws.candidates.rules import code_token
from draws.draws.queries.announced import last_chances
from draws.models import Call, Candidate, CandidateState, NextCallAddress
from draws.pages import dead_link, ended_link
from draws.succession.queries import may_renounce

CHECK = "verifier"
FORWARD, BACK = "suite", "retour"


def call_context(call: Call | None) -> dict[str, Any]:
    """Return what every page shows of the call: until when it is open, and the day of erasure."""
    if call is None:
        return {"call": None, "is_open": False}
    extensions, today = extensions_of(call), timezone.localdate()
    return {
        "call": call,
        "is_open": rules.is_receiving(call, extensions, today),
        "is_to_come": today < call.opens_on,
        "admits_minors": documents.is_offered(call),
        "until": rules.last_day_in(call, extensions, None),
        "longer": [row for row in extensions if row.canton_id and row.closes_on >= today],
        "erased_on": rules.erasure_day(call),
    }


@login_not_required
@require_safe
def apply_authorisation(request: HttpRequest) -> HttpResponse:
    """Return the blank paper that a parent signs; 404 where no open call admits minors."""
    facts = call_context(public_call())
    if not facts["is_open"] or not documents.is_offered(facts["call"]):
        raise Http404
    return paper_response(request, documents.guardian_pdf(facts["call"]))


def paper_response(request: HttpRequest, content: bytes) -> HttpResponse:
    name = "autorisation-parentale.pdf"
    return bytes_response(request, content, name=name, media_type="application/pdf", inline=True)


@repeatable("it shows the next page of the form and writes nothing")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Show the call, then its questions: `aller` names the page that comes after the posted one."""
    facts = call_context(public_call())
    call: Call | None = facts["call"]
    if call is None or not facts["is_open"]:
        return render(request, "draws/candidates/apply_closed.html", facts)
    if request.method != "POST":
        return render(request, "draws/candidates/apply.html", facts | {"chances": last_chances()})
    form = ApplyForm(request.POST, call=call)
    form.is_valid()
    names = [step.name for step in form.steps]
    sent, asked = request.POST.get("etape", ""), request.POST.get("aller", FORWARD)
    place = names.index(sent) if sent in names else -1
    if asked in names:
        return page(request, facts, form, names.index(asked), is_shown_first=True)
    if asked == BACK:
        return page(request, facts, form, max((place if place >= 0 else len(names)) - 1, 0), is_shown_first=True)
    if place >= 0 and set(form.steps[place].fields) & set(form.errors):
        return page(request, facts, form, place)
    if place + 1 < len(names):
        return page(request, facts, form, place + 1, is_shown_first=True)
    return check(request, facts, form)


def page(
    request: HttpRequest, facts: dict[str, Any], form: ApplyForm, place: int, *, is_shown_first: bool = False
) -> HttpResponse:
    """Render one page of the form; one shown for the first time, or again with « Revenir », has no errors yet."""
    steps = form.steps
    step = steps[place]
    form.limit_errors_to(() if is_shown_first else step.fields)
    shown = [form[name] for name in step.fields]
    context = {
        "form": form,
        "step": step,
        "steps": steps,
        "number": place + 1,
        "fields": shown,
        "carried": [field for field in form if field.name not in {*step.fields, "consent"}],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "draws/candidates/apply_step.html", facts | context, status=status)


def check(request: HttpRequest, facts: dict[str, Any], form: ApplyForm, *, is_sent: bool = False) -> HttpResponse:
    """Render all answers before they are sent; a page with a missing answer comes first."""
    for place, step in enumerate(form.steps):
        if set(step.fields) & set(form.errors):
            return page(request, facts, form, place)
    form.limit_errors_to(["consent", "__all__"] if is_sent else [])
    context = {
        "form": form,
        "answers": [(step, answers_of(form, step)) for step in form.steps],
        "carried": [field for field in form if field.name != "consent"],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "draws/candidates/apply_check.html", facts | context, status=status)


def answers_of(form: ApplyForm, step: FormStep) -> list[tuple[Any, str]]:
    """Return label and formatted answer of each field of a page."""
    return [(form[name].label, format_answer(form, name)) for name in step.fields]


def format_answer(form: ApplyForm, name: str) -> str:
    value, field = form.cleaned_data.get(name), form.fields[name]
    if choices := dict(getattr(field, "choices", ())):
        typed = form[name].value()
        chosen = typed if isinstance(typed, list) else [typed]
        return ", ".join(str(choices[key]) for key in chosen if key in choices)
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return format_date(value, weekday=False) if isinstance(value, date) else str(value or "")


@never_cache
@login_not_required
@require_POST
def apply_send(request: HttpRequest) -> HttpResponse:
    """Record the whole form once, also after a double click; then redirect to the page that asks for the code."""
    facts = call_context(public_call())
    if not facts["is_open"]:
        return render(request, "draws/candidates/apply_closed.html", facts, status=HTTPStatus.CONFLICT)
    form = ApplyForm(request.POST, call=facts["call"])
    if form.is_valid():
        try:
            row = actions.apply(facts["call"], form.candidate_data(), ip=get_ip(request))
        except ValidationError as refused:
            attach_refusal(form, refused)
        else:
            return redirect(reverse("draws:apply-code", args=[code_token(row)]))
    return check(request, facts, form, is_sent=True)


@login_not_required
@require_safe
@public_page
def apply_cells(request: HttpRequest) -> HttpResponse:
    """Show how many candidates each canton has, women and men, small numbers hidden."""
    facts = call_context(public_call())
    rows: dict[Any, dict[str, CallCell]] = {}
    for cell in call_cells(facts["call"]) if facts["call"] else []:
        rows.setdefault(cell.canton, {})[cell.gender] = cell
    facts["rows"] = [
        (canton, sum(cell.seats for cell in cells.values()), public_count(cells, "F"), public_count(cells, "M"))
        for canton, cells in rows.items()
    ]
    return render(request, "draws/candidates/apply_cells.html", facts)


def public_count(cells: dict[str, CallCell], gender: str) -> str:
    return cells[gender].public_count if gender in cells else "–"


type View = Callable[[HttpRequest, Candidate], HttpResponse]


def page_of(row: Candidate) -> str:
    return reverse("draws:candidate-page", args=[candidates_rules.page_token(row)])


def code_page_of(row: Candidate) -> str:
    """Return the page for a browser that gave an address: only the mail to that address opens more."""
    return reverse("draws:apply-code", args=[candidates_rules.code_token(row)])


def for_linked(
    link: PersonalLink = candidates_rules.PAGE, *, column: str = "email", confirmed: bool = True
) -> Callable[[View], Callable[[HttpRequest, str], HttpResponse]]:
    """Decorate the view of a link, which gets its candidate: 404 where it was made up, 410 once it has expired.

    `column`: the address that it was sent to. `confirmed`: whether the view requires that address to be confirmed.
    """

    def decorated(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            sent = link.read(token)
            if sent is None or (public_id := candidates_rules.public_id_of(sent)) is None:
                return dead_link(request)
            rows = Candidate.objects.select_related("canton", "call__term__assembly")
            row = rows.defer("call__term__assembly__logo_png").filter(public_id=public_id).first()
            if row is None or not sent.opens(getattr(row, column)):
                return ended_link(request, token)
            if confirmed and not row.has_confirmed_address:
                return redirect(page_of(row))
            return view(request, row)

        return opened

    return decorated


@repeatable("asking twice in a minute sends one message, and each is counted")
@never_cache
@login_not_required
@require_POST
def link_renew(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link to the address on file, for whoever opens an expired one."""
    try:
        actions.renew_link(token, ip=get_ip(request))
    except TooManyAttempts:
        return too_many(request)
    return ended_page(request, "", is_sent=True)


@repeatable("the right code leads to the same page again; a wrong one is counted")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_linked(candidates_rules.CODE, confirmed=False)
def apply_code(request: HttpRequest, row: Candidate) -> HttpResponse:
    """Ask for the code of the mail; the response does not reveal whether the address was known."""
    if row.has_confirmed_address:
        return render(request, "draws/candidates/apply_known.html", {"call": row.call})
    is_new = row.state == CandidateState.UNCONFIRMED
    return form_page(
        request,
        CodeForm(posted(request)),
        lambda data: actions.confirm_by_code(row, data["code"]),
        template="draws/candidates/apply_code.html",
        context={
            "candidate": row,
            "is_new": is_new,
            "button": _("Confirmer ma candidature") if is_new else _("Confirmer mon adresse"),
            "retention_days": candidates_rules.CONFIRMED_WITHIN.days,
        },
        field="code",
        success_message=confirmation_message(row),
        to=page_of(row),
    )


@never_cache
@login_not_required
@require_safe
@for_linked(confirmed=False)
def candidate_page(request: HttpRequest, row: Candidate) -> HttpResponse:
    """Show what was recorded and the possible steps; before the address is confirmed, only that question."""
    token = candidates_rules.page_token(row)
    if not row.has_confirmed_address:
        is_new = row.state == CandidateState.UNCONFIRMED
        is_late = is_new and is_frozen(row.call)
        return render(
            request, "draws/candidates/personal_confirm.html", {"token": token, "is_new": is_new, "is_late": is_late}
        )
    context: dict[str, Any] = {
        "candidate": row,
        "token": token,
        "needs": row.needs.all(),
        "can_correct": row.state in CandidateState.tagged("correctable"),
        "can_withdraw": row.state in CandidateState.tagged("withdrawable"),
        "can_renounce": row.state != CandidateState.NOT_DRAWN and may_renounce(row),
        "awaits_guardian": is_due(row),
        "withdrawn_retention_days": candidates_rules.WITHDRAWN_RETENTION.days,
    }
    return render(request, "draws/candidates/personal_page.html", context)


@repeatable("confirming twice is confirming")
@never_cache
@login_not_required
@require_POST
@for_linked(confirmed=False)
def candidate_confirm(request: HttpRequest, row: Candidate) -> HttpResponse:
    """Confirm the address: the link came by mail, so whoever opens it reads that address."""
    message = confirmation_message(row)
    try:
        actions.confirm_candidature(row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if row.has_confirmed_address:
            messages.success(request, message)
    return redirect(page_of(row))


def confirmation_message(row: Candidate) -> str:
    is_new = row.state == CandidateState.UNCONFIRMED
    return _("Votre candidature est enregistrée.") if is_new else _("Votre adresse est confirmée.")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_linked()
def candidate_correct(request: HttpRequest, row: Candidate) -> HttpResponse:
    """Correct the answers, until the list is frozen."""
    if row.state not in CandidateState.tagged("correctable"):
        return redirect(page_of(row))
    back, initial = page_of(row), initial_of(row) | {"version": actions.version_of(row)}
    return form_page(
        request,
        CorrectForm(posted(request), row=row, initial=initial),
        lambda data: actions.correct(row, data, version=data["version"], ip=get_ip(request)),
        template="draws/candidates/personal_correct.html",
        context={"candidate": row, "back": back},
        success_message=_("Vos réponses sont corrigées."),
        to=lambda changed: page_of(row) if row.has_confirmed_address else code_page_of(row),
    )


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_linked()
def candidate_withdraw(request: HttpRequest, row: Candidate) -> HttpResponse:
    """Withdraw the candidature, after a question; once the list is frozen, renounce: the list stays unchanged."""
    renounces = may_renounce(row)
    if row.state not in CandidateState.tagged("withdrawable") and not renounces:
        return redirect(page_of(row))
    if request.method == "POST":
        if renounces:
            actions.renounce_by_link(row)
            messages.success(request, _("C’est noté : aucun siège ne vous sera proposé."))
        else:
            actions.withdraw_by_link(row)
            messages.success(request, _("Votre candidature est retirée."))
        return redirect(page_of(row))
    context = {
        "candidate": row,
        "back": page_of(row),
        "retention_days": candidates_rules.WITHDRAWN_RETENTION.days,
        "renounces": renounces,
    }
    return render(request, "draws/candidates/personal_withdraw.html", context)


@never_cache
@login_not_required
@require_safe
@for_linked()
def candidate_data(request: HttpRequest, row: Candidate) -> HttpResponse:
    """Return everything that is stored about this candidate, as a file."""
    text = json.dumps(stored_data(row), ensure_ascii=False, indent=2, default=str)
    name = f'attachment; filename="candidature-{row.reference}.json"'
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": name})


@never_cache
@login_not_required
@require_safe
@for_linked()
def personal_authorisation(request: HttpRequest, row: Candidate) -> HttpResponse:
    """Return the filled-in paper that a parent signs; 404 for whoever is of age, or was authorised."""
    if not is_due(row):
        raise Http404
    return paper_response(request, guardian_pdf(row.call, row))


@repeatable("agreeing twice is agreeing")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_linked(candidates_rules.GUARDIAN, column="guardian_email", confirmed=False)
def guardian(request: HttpRequest, row: Candidate) -> HttpResponse:
    """Record the agreement of a parent or guardian; the link ends when another one is named."""
    if request.method == "POST":
        actions.agree_as_guardian(row)
    context = {"candidate": row, "is_done": row.guardian_agreed_on is not None}
    return render(request, "draws/candidates/guardian.html", context)


@repeatable("RFC 8058: a mail program posts it without a page; erasing twice is erasing")
@csrf_exempt  # RFC 8058: the mail program posts without having opened the page; the token alone authorises it
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def news_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Delete the address that asked for news of the next call, at once."""
    public_id = candidates_rules.public_id_of(candidates_rules.NEWS.read(token))
    if public_id is None:
        return dead_link(request)
    row = NextCallAddress.objects.filter(public_id=public_id).first()
    if request.method == "POST" and row is not None:
        stop_news(row)
    return render(request, "draws/candidates/news_stop.html", {"is_done": request.method == "POST" or row is None})
