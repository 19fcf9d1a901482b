"""Views of one recipient's delivery: the decisions of a person about it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assembly.identity.http import UserRequest
from assembly.notifications.actions import distributions as actions
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.workflow import DELIVERY
from assembly.text.french import of_name, to_name
from assembly.web.confirmation import Question, confirm_first

# By name of the step: the question, the button, the consequences.
QUESTIONS = {
    "retry": (
        gettext_lazy("Relancer le message %(of_name)s ?"),
        gettext_lazy("Relancer"),
        gettext_lazy("Un courriel part vers %(address)s. Il ne peut pas être rappelé."),
    ),
    "confirm": (
        gettext_lazy("Le message %(of_name)s est-il parti ?"),
        gettext_lazy("Il est parti"),
        gettext_lazy("Il est noté envoyé, et rien d’autre ne part vers %(address)s. Cela ne se reprend pas."),
    ),
    "send_again": (
        gettext_lazy("Renvoyer le message %(of_name)s ?"),
        gettext_lazy("Renvoyer"),
        gettext_lazy(
            "Un courriel part vers %(address)s\u00a0: si le premier est arrivé, la personne le lira deux fois."
        ),
    ),
    "call": (
        gettext_lazy("Noter l’appel %(to_name)s ?"),
        gettext_lazy("Noter l’appel"),
        gettext_lazy("La preuve de l’envoi dira que la personne a été appelée aujourd’hui. Cela ne se reprend pas."),
    ),
}
SUCCESS_MESSAGES = {
    "retry": gettext_lazy("Le message va repartir vers %(address)s."),
    "confirm": gettext_lazy("Le message est noté envoyé."),
    "send_again": gettext_lazy("Le message va repartir."),
    "call": gettext_lazy("L’appel est noté."),
}


def step_question(request: UserRequest, pk: int, step_name: str) -> Question:
    delivery = delivery_or_404(request, pk)
    DELIVERY.check(request.user, delivery, step_name)
    title, label, line = QUESTIONS[step_name]
    back = reverse("notifications:distribution-page", args=[delivery.distribution_id])
    name = delivery.recipient_name or _("une personne effacée")
    names = {"of_name": of_name(name), "to_name": to_name(name), "address": delivery.address}
    return Question(title % names, label, back, [line % names], about=delivery.distribution)


@confirm_first(step_question)
def delivery_step(request: UserRequest, pk: int, step_name: str) -> HttpResponse:
    delivery = delivery_or_404(request, pk)
    DELIVERY.transition(delivery, step_name, by=request.user)
    return show_success(request, delivery, SUCCESS_MESSAGES[step_name] % {"address": delivery.address})


@require_POST
def delivery_write(request: UserRequest, pk: int) -> HttpResponse:
    delivery = delivery_or_404(request, pk)
    actions.replace_with_letter(delivery, by=request.user)
    return show_success(request, delivery, _("Une lettre attend l’imprimante."))


def delivery_or_404(request: UserRequest, pk: int) -> Delivery:
    """Return the delivery, or raise Http404 when this person may not see its distribution."""
    seen = Distribution.objects.visible_to(request.user)
    rows = Delivery.objects.filter(distribution__in=seen).select_related("distribution__assembly", "person")
    return get_object_or_404(rows.defer("distribution__assembly__logo_png"), pk=pk)


def show_success(request: UserRequest, delivery: Delivery, sentence: str) -> HttpResponse:
    messages.success(request, f"{delivery.recipient_name} : {sentence}")
    return redirect("notifications:distribution-page", delivery.distribution_id)
