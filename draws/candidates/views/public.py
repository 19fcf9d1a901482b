"""Views of the public form, page after page. Only the last one writes: each carries the answers of the others."""

from datetime import date
from http import HTTPStatus
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.views.responses import bytes_response
from assembly.speed.page_cache import public_page
from assembly.text.french import format_date
from assembly.web.forms import attach_refusal
from assembly.web.idempotency import repeatable
from draws.calls import rules
from draws.calls.queries import CallCell, call_cells, extensions_of, public_call
from draws.candidates import actions
from draws.candidates import documents as guardian
from draws.candidates.forms import ApplyForm, FormStep
from draws.candidates.rules import code_token
from draws.models import Call

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
        "admits_minors": guardian.is_offered(call),
        "until": rules.last_day_in(call, extensions, None),
        "longer": [row for row in extensions if row.canton_id and row.closes_on >= today],
        "erased_on": rules.erasure_day(call),
    }


@login_not_required
@require_safe
def apply_authorisation(request: HttpRequest) -> HttpResponse:
    """Return the blank paper that a parent signs; 404 where no open call admits minors."""
    facts = call_context(public_call())
    if not facts["is_open"] or not guardian.is_offered(facts["call"]):
        raise Http404
    return paper_response(request, guardian.guardian_pdf(facts["call"]))


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
        return render(request, "draws/candidates/apply.html", facts)
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
