"""The bureau's pages of self-referrals: the list, what came on paper, the tab « Recevabilité et vote », settings."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated, recently_authenticated_to_write
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.ui.csv import csv_response
from assembly.ui.forms import posted
from assembly.ui.pagination import keyset_page, sorting
from assembly.workflow import StateConflict
from consultations.actions import self_referrals as actions
from consultations.actions.self_referral_settings import change_settings
from consultations.forms.self_referrals import SelfReferralSettingsForm, SuggestionFilterForm, SuggestionRecordForm
from consultations.models import ReferralSettings
from consultations.queries.self_referrals import desk_dossier, settings_of, suggestions
from consultations.rules import self_referrals as rules
from consultations.views.frame import frame
from consultations.views.own_steps import OWN_STEPS, own_referral
from consultations.views.suggestions import change_page

COLUMNS = {
    "points": ("dots", "supporters"),
    "membres": ("supporters", "dots"),
    "titre": ("title",),
    "etat": ("state", "title"),
    "date": ("created_at",),
}


# The steps that move a subject forward: the first one that is open is the big button.
FORWARD = ("preselectionner", "recevabilite", "avis-du-conseil", "decision", "mettre-aux-voix")


def team_term(request: UserRequest) -> Term:
    return working_term(request, is_team)


@require_safe
def desk_list(request: UserRequest) -> HttpResponse:
    term = team_term(request)
    form = SuggestionFilterForm(request.GET)
    order = sorting(request, COLUMNS, default="-points")
    rows = suggestions(term).filter(form.condition()).select_related("suggested_by__person")
    context = {
        "term": term,
        "form": form,
        "page": keyset_page(rows, request, ordering=order.ordering),
        "count": rows.count(),
        "order": order,
        "columns": columns(),
        "export": f"{reverse('consultations:suggestions-export')}?{request.GET.urlencode()}",
        "can_record": rules.can_record_for(request.user, term),
        "can_set": rules.can_set(request.user, term),
        "is_filtered": form.is_used,
    }
    return render(request, "consultations/suggestion_list.html", context)


def columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Sujet"), "key": "titre"},
        {"label": _("Points"), "key": "points", "number": True},
        {"label": _("Membres"), "key": "membres", "number": True},
        {"label": _("Proposé"), "key": "date"},
        {"label": _("État"), "key": "etat"},
    ]


@require_safe
@recently_authenticated
def export(request: UserRequest) -> HttpResponse:
    """Exactly the list shown, whole."""
    term = team_term(request)
    order = sorting(request, COLUMNS, default="-points").ordering
    rows = suggestions(term).filter(SuggestionFilterForm(request.GET).condition()).order_by(*order, "pk")
    header = [_("Référence"), _("Sujet"), _("État"), _("Points"), _("Membres"), _("Proposé par"), _("Reçu"), _("Le")]
    header += [_("Pourquoi"), _("Lien avec le Département")]
    return csv_response(
        _("Sujets proposés"), header, (line(row) for row in rows.select_related("suggested_by__person"))
    )


def line(row: Any) -> list[object]:
    return [
        row.reference,
        row.title,
        row.get_state_display(),
        row.dots,
        row.supporters,
        row.suggested_by.get_full_name(),
        row.get_suggested_via_display(),
        row.created_at,
        row.context,
        row.powers_link,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: UserRequest) -> HttpResponse:
    """Write down what a member gave on paper or by telephone."""
    term = team_term(request)
    if not rules.can_record_for(request.user, term):
        raise PermissionDenied
    form = SuggestionRecordForm(posted(request), term=term)
    if request.method == "POST" and form.is_valid():
        member, via = form.cleaned_data["member"], form.cleaned_data["via"]
        made = actions.record_for(term, member, via=via, by=request.user, **form.values())
        messages.success(request, _("Le sujet est enregistré."))
        return redirect("consultations:suggestion", made.pk)
    return render(request, "consultations/suggestion_record.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def tab(request: UserRequest, pk: int) -> HttpResponse:
    """Supports, admissibility, the council's view, the vote; the big button is the next of these steps."""
    referral = own_referral(request, pk)
    shown = frame(request, referral, "suggestion")
    first = next((slug for slug in FORWARD if OWN_STEPS.is_offered(request.user, referral, slug)), "")
    if first:
        shown["step"] = replace(shown["step"], label=str(OWN_STEPS.pages[first].label))
        shown["step_url"] = OWN_STEPS.url(referral, first)
    elif shown["step"].page == "suggestion":
        shown["step_url"] = ""
    told = desk_dossier(referral.pk)
    more = {
        "steps_here": OWN_STEPS.links(request.user, referral, without={first}),
        "supported": supported_words(told["dots"]),
        "can_change": rules.can_change(request.user, referral),
    }
    return render(request, "consultations/suggestion_tab.html", shown | told | more)


def supported_words(found: dict[str, Any]) -> str:
    """« 12 points donnés par 5 membres »."""
    dots, members = found["dots"] or 0, found["supporters"]
    if not dots:
        return _("Aucun point pour le moment.")
    given = ngettext("%(n)s point donné", "%(n)s points donnés", dots) % {"n": dots}
    by = ngettext("par %(n)s membre", "par %(n)s membres", members) % {"n": members}
    return f"{given} {by}."


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: UserRequest, pk: int) -> HttpResponse:
    """Correct what the team wrote down for a member."""
    referral = own_referral(request, pk)
    if not rules.can_change(request.user, referral):
        raise StateConflict(referral, "edit")
    return change_page(request, referral, "consultations/suggestion_change.html", "consultations:suggestion")


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_set)
    row = settings_of(term) or ReferralSettings(term=term)
    form = SelfReferralSettingsForm(posted(request), instance=row)
    if request.method == "POST" and form.is_valid():
        changed = change_settings(term, form.cleaned_data, by=request.user)
        messages.success(request, _("Réglages enregistrés.") if changed else _("Rien n’a changé."))
        return redirect("consultations:settings")
    context = {"form": form, "term": term}
    return render(request, "consultations/suggestion_settings.html", context, status=422 if form.errors else 200)
