"""Settings of a directorate: through whose visas its answers go."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated, recently_authenticated_to_write
from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.models import Directorate
from assembly.institution.rules import directorate_ids
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from consultations.actions import visa_levels as actions
from consultations.models import VisaLevel
from consultations.queries.desk import agents_of, levels_of, staff_of
from consultations.reviews import rules
from consultations.reviews.forms import VisaLevelForm


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
        lambda data: actions.add(directorate, by=request.user, **data),
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
    actions.move_up(my_level(request, pk), by=request.user)
    messages.success(request, _("L’ordre des visas est changé."))
    return redirect("consultations:visa-levels")


@require_POST
@recently_authenticated
def visa_level_remove(request: UserRequest, pk: int) -> HttpResponse:
    actions.remove(my_level(request, pk), by=request.user)
    messages.success(request, _("Le visa est retiré ; les contributions qui l’attendaient passent au suivant."))
    return redirect("consultations:visa-levels")
