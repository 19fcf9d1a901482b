"""The president's office and the elected sponsor: the referral to read, the visa, or back with a reason."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from consultations.models import Referral
from consultations.queries.letter import letter_facts
from consultations.queries.referrals import dossier, figures, given_reviews, named_directorates
from consultations.rules import referrals as rules
from consultations.rules.referral_next import WORDS, Next, next_step
from consultations.rules.self_referrals import can_give_view
from consultations.views.frame import missing_of, steps
from consultations.views.own_steps import OWN_OFFICE_STEPS
from consultations.views.step import guarded
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
        "step": office_step(referral, numbers, missing, can | {"give_view": can_give_view(request.user, referral)}),
        "issue_url": issue_url(referral, can, request.user),
        "reviews": list(given_reviews(request.user, referral)),
        "figures": numbers,
    }
    return render(request, "consultations/referral_office.html", context)


def office_step(referral: Referral, numbers: Any, missing: list[str], can: dict[str, bool]) -> Next:
    """The same sentence as the team's, with the office's own button."""
    found = next_step(referral, numbers, missing, {})
    if can["give_view"]:
        return Next(_("L’assemblée attend l’avis du Conseil."), found.sentence, _("Donner l’avis du Conseil"))
    if not can["issue"] or missing:
        return found
    return Next(_("Cette saisine attend votre visa."), found.sentence, _("Émettre la saisine"))


def issue_url(referral: Referral, can: dict[str, bool], user: User) -> str:
    """Where the office's button leads: the visa of the letter, or the council's view on a self-referral."""
    if can_give_view(user, referral):
        return reverse("consultations:office-step", args=[referral.pk, "avis-du-conseil"])
    return reverse("consultations:office-step", args=[referral.pk, "emettre"]) if can["issue"] else ""


@require_http_methods(["GET", "HEAD", "POST"])
def office_step_page(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """The visa, which asks for a fresh proof of identity, or the refusal."""
    known = OFFICE_STEPS | OWN_OFFICE_STEPS
    if slug not in known:
        raise Http404
    referral = office_referral_or_404(request, pk)
    found = known[slug]
    back = reverse("consultations:office-referral", args=[referral.pk])
    return guarded(take_step, found)(request, referral, found, slug, back)
