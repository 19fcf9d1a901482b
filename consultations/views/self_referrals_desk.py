"""Back office pages of self-referrals: what came on paper, the tab « Recevabilité et vote », settings."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.workflow import StateConflict
from consultations.actions.self_referral_settings import change_settings
from consultations.forms.self_referrals import SelfReferralSettingsForm, SuggestionRecordForm
from consultations.models import ReferralSettings
from consultations.self_referrals import actions, rules
from consultations.self_referrals.queries import desk_dossier, settings_of
from consultations.self_referrals.views import change_page
from consultations.views.frame import dossier_context
from consultations.views.self_referral_steps import SELF_REFERRAL_STEPS, team_self_referral

# Steps that move a subject forward: the first one that is available is the main button.
FORWARD = ("preselectionner", "recevabilite", "avis-du-conseil", "decision", "mettre-aux-voix")


def team_term(request: UserRequest) -> Term:
    return working_term(request, is_team)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: UserRequest) -> HttpResponse:
    """Record what a member gave on paper or by telephone."""
    term = team_term(request)
    if not rules.can_record_for(request.user, term):
        raise PermissionDenied
    form = SuggestionRecordForm(posted(request), term=term)
    return form_page(
        request,
        form,
        lambda data: actions.record_for(term, data["member"], via=data["via"], by=request.user, **form.values()),
        template="consultations/self_referrals/record.html",
        success_message=_("Le sujet est enregistré."),
        to=lambda referral: reverse("consultations:suggestion", args=[referral.pk]),
    )


@require_safe
def tab(request: UserRequest, pk: int) -> HttpResponse:
    """Show supports, admissibility, the council's view, the vote; the main button is the next of these steps."""
    referral = team_self_referral(request, pk)
    facts = desk_dossier(referral.pk)
    context = dossier_context(request, referral, "suggestion", supported=supports_sentence(facts["dots"]), **facts)
    status = context["frame"].status
    first = next((slug for slug in FORWARD if SELF_REFERRAL_STEPS.is_offered(request.user, referral, slug)), "")
    if first:
        status = replace(
            status, label=str(SELF_REFERRAL_STEPS.pages[first].label), url=SELF_REFERRAL_STEPS.url(referral, first)
        )
    elif status.url == request.path:
        status = replace(status, url="")
    context |= {
        "frame": replace(context["frame"], status=status),
        "steps_here": SELF_REFERRAL_STEPS.links(request, referral, without={first}),
        "can_change": rules.can_change(request.user, referral),
    }
    return render(request, "consultations/self_referrals/tab.html", context)


def supports_sentence(totals: dict[str, Any]) -> str:
    """Return « 12 points donnés par 5 membres. »."""
    dots, members = totals["dots"] or 0, totals["supporters"]
    if not dots:
        return _("Aucun point pour le moment.")
    points = ngettext("%(n)s point donné", "%(n)s points donnés", dots) % {"n": dots}
    by = ngettext("par %(n)s membre", "par %(n)s membres", members) % {"n": members}
    return f"{points} {by}."


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: UserRequest, pk: int) -> HttpResponse:
    """Correct what the team recorded for a member."""
    referral = team_self_referral(request, pk)
    if not rules.can_change(request.user, referral):
        raise StateConflict(referral, "edit")
    return change_page(request, referral, "consultations/self_referrals/change.html", "consultations:suggestion")


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_set)
    row = settings_of(term) or ReferralSettings(term=term)
    return form_page(
        request,
        SelfReferralSettingsForm(posted(request), instance=row),
        lambda data: change_settings(term, data, by=request.user),
        template="consultations/self_referrals/settings.html",
        context={"term": term},
        success_message=lambda changed: _("Réglages enregistrés.") if changed else _("Rien n’a changé."),
        to=reverse("consultations:settings"),
    )
