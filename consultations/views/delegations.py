"""Delegations of visas while an approver is away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated, recently_authenticated_to_write
from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.models import Directorate
from assembly.institution.rules import directorate_ids
from assembly.text.french import of_name
from assembly.text.untrusted_input import whole_number
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from consultations.actions import delegations as actions
from consultations.models import Delegation
from consultations.queries.desk import colleagues, delegations_of
from consultations.reviews.forms import DelegationForm
from consultations.reviews.rules import can_end_delegation, is_agent


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def delegations(request: UserRequest) -> HttpResponse:
    """Show the delegations of the reader's directorates; an approver gives one in the form of a directorate."""
    if not is_agent(request.user):
        raise PermissionDenied
    mine = Directorate.objects.filter(pk__in=directorate_ids(request.user, Role.DIR_APPROVER), closed_on=None)
    chosen = mine.filter(pk=whole_number(request.POST.get("directorate", ""))).first()
    directorate = chosen or mine.order_by("name__alphabetical").first()
    places = directorate_ids(request.user, DIRECTORATE_ROLES)
    template = "consultations/reviews/instruction_delegations.html"
    if directorate is None:
        if request.method == "POST":
            raise PermissionDenied
        return render(request, template, {"rows": delegations_of(places), "form": None})
    return form_page(
        request,
        DelegationForm(posted(request), colleagues=colleagues(directorate, request.user)),
        lambda data: actions.give(directorate, by=request.user, **data),
        template=template,
        context=lambda: {"rows": delegations_of(places), "directorate": directorate},
        success_message=_("La délégation est notée. Votre collègue pourra viser pendant ces jours."),
        to=reverse("consultations:delegations"),
    )


def my_delegation(request: UserRequest, pk: int) -> Delegation:
    rows = Delegation.objects.filter(directorate__in=directorate_ids(request.user, DIRECTORATE_ROLES))
    return get_object_or_404(rows.select_related("directorate", "holder__person"), pk=pk)


def end_question(request: UserRequest, pk: int) -> Question:
    delegation = my_delegation(request, pk)
    if not can_end_delegation(request.user, delegation):
        raise PermissionDenied
    title = _("Mettre fin à la délégation %(of_name)s ?") % {"of_name": of_name(delegation.holder.get_full_name())}
    lines = [_("Elle ne peut plus viser à votre place. Les visas déjà donnés restent.")]
    return Question(title, _("Y mettre fin"), reverse("consultations:delegations"), lines)


@confirm_first(end_question)
@recently_authenticated
def delegation_end(request: UserRequest, pk: int) -> HttpResponse:
    actions.end(my_delegation(request, pk), by=request.user)
    messages.success(request, _("La délégation est terminée."))
    return redirect("consultations:delegations")
