"""The president's office and the elected sponsor: the referral to read, the visa, or back with a reason."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.dossiers import StepPages
from assembly.dossiers.awaited import awaited_for
from assembly.dossiers.frame import Status
from assembly.identity.http import UserRequest
from consultations.models import Referral
from consultations.pages import status_of
from consultations.queries.letter import letter_facts
from consultations.referrals import rules
from consultations.referrals.queries import DOSSIER, ReferralFigures, figures, given_reviews
from consultations.views.frame import missing_labels, path
from consultations.views.steps import asked_lines, name_of
from consultations.workflows.referrals import REFERRAL


def office_referral_or_404(request: UserRequest, pk: int) -> Referral:
    """Return the referral for an office; unseen is 404, seen in another area only is 403."""
    referral = DOSSIER(request.user, pk)
    if not rules.can_read_in_office(request.user, referral):
        raise PermissionDenied
    return referral


@require_safe
def office_referral(request: UserRequest, pk: int) -> HttpResponse:
    """Show the letter to read, its state, what the directorates said."""
    referral = office_referral_or_404(request, pk)
    can = REFERRAL.abilities(request.user, referral) | rules.abilities(request.user, referral)
    numbers, missing = figures(referral), missing_labels(referral)
    status = office_status(referral, numbers, missing, can)
    context = {
        "referral": referral,
        "can": can,
        "letter": letter_facts(referral),
        "path": path(referral),
        "missing": missing,
        "status": status,
        "awaited": awaited_for(status, request.user, referral),
        "reviews": list(given_reviews(request.user, referral)),
        "figures": numbers,
    }
    return render(request, "consultations/referrals/office.html", context)


def office_status(referral: Referral, numbers: ReferralFigures, missing: list[str], can: dict[str, bool]) -> Status:
    """Return the same sentence as the team's, with the office's own button: its visa, or the council's view."""
    status = status_of(referral, numbers, missing, {})
    if can["give_view"]:
        view = OFFICE_STEPS.url(referral, "avis-du-conseil")
        return Status(
            _("L’assemblée attend la position du président."),
            status.sentence,
            _("Donner la position du président"),
            view,
        )
    if can["issue"] and not missing:
        visa = OFFICE_STEPS.url(referral, "emettre")
        return Status(_("Cette saisine attend votre visa."), status.sentence, _("Émettre la saisine"), visa)
    return status


def office_page(request: UserRequest, referral: Referral) -> str:
    return reverse("consultations:office-referral", args=[referral.pk])


def visa_lines(referral: Referral) -> list[str]:
    return [
        _("Vous engagez le président sur la question et sur la date de l’avis."),
        *asked_lines(referral),
        _("La lettre est scellée, à votre nom et à l’heure du visa : son texte ne changera plus."),
    ]


OFFICE_STEPS = StepPages(
    REFERRAL,
    "office",
    name="consultations:office-step",
    fetch=office_referral_or_404,
    back=office_page,
    eyebrow=name_of,
)
OFFICE_STEPS.bind("consequences", {"issue": visa_lines})
