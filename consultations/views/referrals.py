"""The text of a referral, its history, its letter."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.versioned import differences
from consultations.actions import issuing
from consultations.models import Referral
from consultations.queries.committees import items_about, latest_first
from consultations.referrals import actions, rules
from consultations.referrals.forms import ReferralEditForm, ReferralForm
from consultations.views.frame import dossier_context, missing
from consultations.views.steps import desk_referral


@require_http_methods(["GET", "HEAD", "POST"])
def referral_create(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_create)
    form = ReferralForm(posted(request), term=term)
    return form_page(
        request,
        form,
        lambda data: actions.create(term, by=request.user, **form.values()),
        template="consultations/referrals/create.html",
        success_message=lambda referral: _("Saisine %(ref)s créée.") % {"ref": referral.reference},
        to=lambda referral: reverse("consultations:referral", args=[referral.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def referral_edit(request: UserRequest, pk: int) -> HttpResponse:
    referral = desk_referral(request, pk)
    if not rules.can_edit(request.user, referral):
        raise PermissionDenied
    form = edit_form(referral, posted(request))
    return form_page(
        request,
        form,
        lambda data: actions.edit(unchanged(referral), version=data["version"], by=request.user, **form.values()),
        compare=lambda late: differences(edit_form(late.current), form),
        template="consultations/referrals/edit.html",
        context={"referral": referral},
        success_message=_("Saisine enregistrée."),
        to=reverse("consultations:referral", args=[referral.pk]),
    )


def edit_form(referral: Referral, data: Any = None) -> ReferralEditForm:
    return ReferralEditForm(
        data, term=referral.term, instance=unchanged(referral), initial={"version": referral.version}
    )


def unchanged(referral: Referral) -> Referral:
    """Return a separate copy: validation writes into the instance of its form."""
    return Referral.objects.select_related("term__assembly").get(pk=referral.pk)


@require_safe
def referral_show(request: UserRequest, pk: int) -> HttpResponse:
    """Show what is asked, and where it was treated."""
    referral = desk_referral(request, pk)
    edit = reverse("consultations:edit", args=[referral.pk])
    context = dossier_context(
        request,
        referral,
        "referral",
        treated=latest_first(items_about(referral)),
        parts=referral.parts,
        missing_parts=[(f"{edit}#id_{error.code}", error) for error in missing(referral)],
    )
    return render(request, "consultations/referrals/show.html", context)


@require_safe
def referral_history(request: UserRequest, pk: int) -> HttpResponse:
    referral = desk_referral(request, pk)
    return render(request, "consultations/referrals/history.html", dossier_context(request, referral, "history"))


@require_POST
def referral_letter(request: UserRequest, pk: int) -> HttpResponse:
    """Request the letter: redirect to the file when nothing changed since the last one, else to its progress."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user).select_related("term__assembly"), pk=pk)
    job = issuing.make_letter(referral, by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)
