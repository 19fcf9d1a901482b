"""Settings of a directorate: through whose visas its answers go, delegations while an approver is away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest, recently_authenticated, recently_authenticated_to_write
from assembly.institution.models import DIRECTORATE_ROLES, Directorate, Role
from assembly.institution.rules import directorate_ids
from assembly.text.french import of_name
from assembly.web.forms import posted, whole_number
from assembly.web.pages import Question, confirm_first, form_page
from consultations.models import Delegation, VisaLevel
from consultations.reviews import rules
from consultations.reviews.actions import answering
from consultations.reviews.forms import DelegationForm, VisaLevelForm
from consultations.reviews.queries import agents_of, colleagues, delegations_of, levels_of, staff_of
from consultations.reviews.rules import can_end_delegation, is_agent


@require_safe
def visa_levels(request: UserRequest) -> HttpResponse:
    """Show the visas of an answer in each of the reader's directorates."""
    if not rules.is_agent(request.user):
        raise PermissionDenied
    mine = Directorate.objects.filter(pk__in=directorate_ids(request.user, DIRECTORATE_ROLES), closed_on=None)
    ways = [
        {
            "directorate": directorate,
            "levels": levels_of(directorate),
            "approvers": agents_of(directorate, [Role.DIR_APPROVER]),
            "may_order": rules.can_order_visas(request.user, directorate),
        }
        for directorate in mine.order_by("name__alphabetical", "pk")
    ]
    return render(request, "consultations/reviews/visa_level_list.html", {"ways": ways})


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def visa_level_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add one more visa of one's directorate, with its holder."""
    mine = Directorate.objects.filter(pk__in=directorate_ids(request.user, DIRECTORATE_ROLES))
    directorate = get_object_or_404(mine, pk=pk)
    if not rules.can_order_visas(request.user, directorate):
        raise PermissionDenied
    back = reverse("consultations:visa-levels")
    return form_page(
        request,
        VisaLevelForm(posted(request), staff=staff_of(directorate)),
        lambda data: answering.add_level(directorate, by=request.user, **data),
        template="consultations/reviews/visa_level_add.html",
        context={"directorate": directorate, "back": back},
        success_message=_("Le visa est ajouté : les prochaines contributions passeront par lui."),
        to=back,
    )


def my_level(request: UserRequest, pk: int) -> VisaLevel:
    """Return a visa of the reader's directorate; another's is 404."""
    rows = VisaLevel.objects.standing().filter(directorate__in=directorate_ids(request.user, DIRECTORATE_ROLES))
    return get_object_or_404(rows.select_related("directorate"), pk=pk)


@require_POST
@recently_authenticated
def visa_level_up(request: UserRequest, pk: int) -> HttpResponse:
    answering.move_level_up(my_level(request, pk), by=request.user)
    messages.success(request, _("L’ordre des visas est changé."))
    return redirect("consultations:visa-levels")


@require_POST
@recently_authenticated
def visa_level_remove(request: UserRequest, pk: int) -> HttpResponse:
    answering.remove_level(my_level(request, pk), by=request.user)
    messages.success(request, _("Le visa est retiré ; les contributions qui l’attendaient passent au suivant."))
    return redirect("consultations:visa-levels")


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
        lambda data: answering.delegate(directorate, by=request.user, **data),
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
    answering.end_delegation(my_delegation(request, pk), by=request.user)
    messages.success(request, _("La délégation est terminée."))
    return redirect("consultations:delegations")
