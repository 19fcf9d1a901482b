"""One recipient's line: what a person decides about it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assembly.identity.http import UserRequest
from assembly.notifications.actions import distributions as actions
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.workflows import DELIVERY

SAID = {
    "retry": gettext_lazy("Le message va repartir vers %(address)s."),
    "confirm": gettext_lazy("Le message est noté envoyé."),
    "send_again": gettext_lazy("Le message va repartir."),
    "call": gettext_lazy("L’appel est noté."),
}


@require_POST
def delivery_step(request: UserRequest, pk: int, verb: str) -> HttpResponse:
    delivery = delivery_or_404(request, pk)
    DELIVERY.transition(delivery, verb, by=request.user)
    return said(request, delivery, SAID[verb] % {"address": delivery.address})


@require_POST
def delivery_write(request: UserRequest, pk: int) -> HttpResponse:
    delivery = delivery_or_404(request, pk)
    actions.write_instead(delivery, by=request.user)
    return said(request, delivery, _("Une lettre attend l’imprimante."))


def delivery_or_404(request: UserRequest, pk: int) -> Delivery:
    """The delivery, if this person may see its distribution; else it does not exist."""
    seen = Distribution.objects.visible_to(request.user)
    rows = Delivery.objects.filter(distribution__in=seen).select_related("distribution__assembly", "person")
    return get_object_or_404(rows.defer("distribution__assembly__logo_png"), pk=pk)


def said(request: UserRequest, delivery: Delivery, sentence: str) -> HttpResponse:
    messages.success(request, f"{delivery.recipient_name} : {sentence}")
    return redirect("notifications:distribution-page", delivery.distribution_id)
