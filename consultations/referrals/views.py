"""Who works on the referral, and what each body did about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from consultations.actions import committees as actions
from consultations.models import ReferralCommittee
from consultations.queries.committees import committees_in_charge, work_on
from consultations.referrals import rules
from consultations.referrals.forms import AssignForm, BodyForm, MandateForm
from consultations.views.frame import dossier_context
from consultations.views.steps import desk_referral


@require_http_methods(["GET", "HEAD", "POST"])
def committees(request: UserRequest, pk: int) -> HttpResponse:
    """Show the groups in charge, their decisions and actions; a POST assigns the referral to one more."""
    referral = desk_referral(request, pk)
    may_assign = rules.can_assign(request.user, referral)
    if request.method == "POST" and not may_assign:
        raise PermissionDenied
    filters = BodyForm(request.GET)
    return form_page(
        request,
        AssignForm(posted(request), referral=referral),
        lambda data: actions.assign(referral, by=request.user, **data),
        template="consultations/referrals/committees.html",
        context=lambda: dossier_context(
            request,
            referral,
            "committees",
            filters=filters,
            groups=committees_in_charge(referral),
            work=work_on(referral, body=filters.chosen()),
            may_assign=may_assign,
        ),
        success_message=lambda row: _("La saisine est confiée à « %(name)s ».") % {"name": row.committee.name},
        to=reverse("consultations:committees", args=[pk]),
        field="committee",
    )


def active_assignment(request: UserRequest, pk: int, row: int) -> ReferralCommittee:
    """Return a group of this referral, still in charge."""
    referral = desk_referral(request, pk)
    if not rules.can_assign(request.user, referral):
        raise PermissionDenied
    assignment = get_object_or_404(
        ReferralCommittee.objects.select_related("committee"), pk=row, referral=referral, ended_at=None
    )
    assignment.referral = referral
    return assignment


@require_http_methods(["GET", "HEAD", "POST"])
def committee_mandate(request: UserRequest, pk: int, row: int) -> HttpResponse:
    assignment = active_assignment(request, pk, row)
    return form_page(
        request,
        MandateForm(posted(request), initial={"mandate_statement": assignment.mandate_statement}),
        lambda data: actions.restate(assignment, by=request.user, **data),
        template="consultations/referrals/mandate.html",
        context={"row": assignment, "referral": assignment.referral},
        success_message=_("Mandat enregistré."),
        to=reverse("consultations:committees", args=[pk]),
    )


def release_question(request: UserRequest, pk: int, row: int) -> Question:
    assignment = active_assignment(request, pk, row)
    members = assignment.committee.memberships.filter(ends_on=None).count()
    template = ngettext("%(n)s membre n’y travaille plus.", "%(n)s membres n’y travaillent plus.", members)
    title = _("Retirer la saisine à « %(name)s » ?") % {"name": assignment.committee.name}
    lines = [template % {"n": members}, _("Ce que le groupe a fait reste. Personne ne reçoit de courriel.")]
    return Question(
        title,
        _("Retirer la saisine au groupe"),
        reverse("consultations:committees", args=[pk]),
        lines,
        about=assignment,
    )


@confirm_first(release_question)
def committee_release(request: UserRequest, pk: int, row: int) -> HttpResponse:
    assignment = active_assignment(request, pk, row)
    actions.release(assignment, by=request.user)
    messages.success(request, _("« %(name)s » n’est plus chargé de la saisine.") % {"name": assignment.committee.name})
    return redirect("consultations:committees", pk)
