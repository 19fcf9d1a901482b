"""Who works on the referral, and what each body did about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.ui.forms import posted
from consultations.actions import committees as actions
from consultations.forms.referrals import AssignForm, BodyForm, MandateForm
from consultations.models import Referral, ReferralCommittee
from consultations.queries.committees import in_charge, work_on
from consultations.rules import referrals as rules
from consultations.views.frame import frame
from consultations.views.steps import desk_referral


@require_http_methods(["GET", "HEAD", "POST"])
def committees(request: UserRequest, pk: int) -> HttpResponse:
    """The groups in charge, their decisions and actions; POST confides it to one more."""
    referral = desk_referral(request, pk)
    if request.method == "POST" and not rules.can_assign(request.user, referral):
        raise PermissionDenied
    form = AssignForm(posted(request), referral=referral)
    if request.method == "POST" and form.is_valid() and assigned(request, referral, form):
        return redirect("consultations:committees", referral.pk)
    filters = BodyForm(request.GET)
    context = frame(request, referral, "committees") | {
        "form": form,
        "filters": filters,
        "groups": in_charge(referral),
        "work": work_on(referral, body=filters.chosen()),
        "may_assign": rules.can_assign(request.user, referral),
    }
    status = 422 if form.errors else 200
    return render(request, "consultations/referral_committees.html", context, status=status)


def assigned(request: UserRequest, referral: Referral, form: AssignForm) -> bool:
    data = form.cleaned_data
    try:
        actions.assign(referral, data["committee"], mandate_statement=data["mandate_statement"], by=request.user)
    except ValidationError as refused:
        form.add_error("committee", refused)
        return False
    messages.success(request, _("La saisine est confiée à « %(name)s ».") % {"name": data["committee"].name})
    return True


def own_row(request: UserRequest, pk: int, row: int) -> ReferralCommittee:
    """A group of this referral, still in charge."""
    referral = desk_referral(request, pk)
    if not rules.can_assign(request.user, referral):
        raise PermissionDenied
    found = get_object_or_404(
        ReferralCommittee.objects.select_related("committee"), pk=row, referral=referral, ended_at=None
    )
    found.referral = referral
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def committee_mandate(request: UserRequest, pk: int, row: int) -> HttpResponse:
    found = own_row(request, pk, row)
    form = MandateForm(posted(request), initial={"mandate_statement": found.mandate_statement})
    if request.method == "POST" and form.is_valid():
        actions.restate(found, mandate_statement=form.cleaned_data["mandate_statement"], by=request.user)
        messages.success(request, _("Mandat enregistré."))
        return redirect("consultations:committees", pk)
    context = {"form": form, "row": found, "referral": found.referral}
    return render(request, "consultations/referral_mandate.html", context, status=422 if form.errors else 200)


@require_POST
def committee_release(request: UserRequest, pk: int, row: int) -> HttpResponse:
    found = own_row(request, pk, row)
    actions.release(found, by=request.user)
    messages.success(request, _("« %(name)s » n’est plus chargé de la saisine.") % {"name": found.committee.name})
    return redirect("consultations:committees", pk)
