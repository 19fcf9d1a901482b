"""The president's office and the elected sponsor: the referral to read, the visa, or back with a reason."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from consultations.models import Referral
from consultations.queries.letter import letter_facts
from consultations.queries.referrals import dossier, figures, given_reviews, named_directorates
from consultations.rules import referrals as rules
from consultations.rules.referral_next import WORDS, Next, next_step
from consultations.views.frame import missing_of, steps
from consultations.views.step_table import OFFICE_STEPS
from consultations.views.steps import take_step


def office_referral_or_404(request: UserRequest, pk: int) -> Referral:
    """Unseen is 404; seen in another room only is 403."""
    referral = get_object_or_404(dossier(request.user), pk=pk)
    if not rules.can_read_in_office(request.user, referral):
        raise PermissionDenied
    return referral


@require_safe
def office_referral(request: UserRequest, pk: int) -> HttpResponse:
    """The letter to read, where it stands, what the directorates said."""
    referral = office_referral_or_404(request, pk)
    can = rules.abilities(request.user, referral)
    named, numbers = named_directorates(referral), figures(referral)
    missing = missing_of(referral, named)
    context = {
        "referral": referral,
        "can": can,
        "told": letter_facts(referral),
        "steps": steps(referral),
        "missing": [WORDS[name] for name in missing],
        "step": office_step(referral, numbers, missing, can),
        "issue_url": reverse("consultations:office-step", args=[referral.pk, "emettre"]) if can["issue"] else "",
        "reviews": list(given_reviews(request.user, referral)),
        "figures": numbers,
    }
    return render(request, "consultations/referral_office.html", context)


def office_step(referral: Referral, numbers: Any, missing: list[str], can: dict[str, bool]) -> Next:
    """The same sentence as the team's, with the office's own button."""
    found = next_step(referral, numbers, missing, {})
    if not can["issue"] or missing:
        return found
    return Next(_("Cette saisine attend votre visa."), found.sentence, _("Émettre la saisine"))


@require_http_methods(["GET", "HEAD", "POST"])
def office_step_page(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """The visa, which asks for a fresh proof of identity, or the refusal."""
    if slug not in OFFICE_STEPS:
        raise Http404
    referral = office_referral_or_404(request, pk)
    found = OFFICE_STEPS[slug]
    take = recently_authenticated(take_step) if found.fresh else take_step
    return take(request, referral, found, slug, reverse("consultations:office-referral", args=[referral.pk]))
