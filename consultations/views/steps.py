"""The pages of the steps: a question with its numbers, then the act. A step that says so asks for a fresh proof."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_team
from assembly.workflow import StateConflict
from consultations.actions.issuing import Incomplete
from consultations.models import Referral
from consultations.queries.referrals import named_directorates
from consultations.rules import referrals as rules
from consultations.rules.referral_next import WORDS
from consultations.views.frame import desk_referral, missing_of
from consultations.views.step import guarded
from consultations.views.step_table import STEPS, ReferralStep


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """One step of the bureau."""
    if slug not in STEPS:
        raise Http404
    referral = desk_referral(request, pk)
    back = reverse("consultations:referral", args=[referral.pk])
    return guarded(take_step, STEPS[slug])(request, referral, STEPS[slug], slug, back)


def take_step(request: UserRequest, referral: Referral, found: ReferralStep, slug: str, back: str) -> HttpResponse:
    if not found.may(request.user, referral):
        if is_team(request.user, referral.term_id):
            raise StateConflict(referral, slug)
        raise PermissionDenied
    missing = missing_of(referral, named_directorates(referral)) if found.needs_all else []
    form = found.form(request.POST or None, request.FILES or None, referral=referral) if found.form else None
    error = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            found.run(referral, request.user, form.cleaned_data if form else {})
        except Incomplete as refused:
            missing = refused.fields
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, found.done)
            return redirect(back)
    context = step_context(request, referral, found, back, form, error, missing)
    says_no = request.method == "POST" or bool(missing)
    return render(request, "consultations/referral_step.html", context, status=422 if says_no else 200)


def step_context(
    request: UserRequest,
    referral: Referral,
    found: ReferralStep,
    back: str,
    form: Any,
    error: str,
    missing: list[str],
) -> dict[str, Any]:
    may_edit = rules.can_edit(request.user, referral)
    edit = reverse("consultations:edit", args=[referral.pk]) if may_edit else ""
    return {
        "referral": referral,
        "form": form,
        "error": error,
        "back": back,
        "label": found.label,
        "title": found.title,
        "lines": found.lines(referral),
        "action": request.path,
        "danger": found.danger,
        "missing": [(f"{edit}#id_{name}" if edit else "", WORDS[name]) for name in missing],
        "impossible": _("La saisine ne peut pas encore partir"),
    }
