"""The list of opinions, one opinion, its plan, its history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.rules import is_lead, is_team
from assembly.ui.csv import csv_response
from assembly.ui.forms import posted
from assembly.ui.pagination import keyset_page, sorting
from opinions.actions import opinions as actions
from opinions.actions import settings as settings_actions
from opinions.forms import opinions as forms
from opinions.models import Opinion
from opinions.queries.opinions import listing, sections_of, settings_of, with_leads
from opinions.rules import opinions as rules
from opinions.views import dossier
from opinions.views.fetch import desk_opinion, desk_term, team_opinion
from opinions.workflows.opinions import SECTION

UNPROCESSABLE = 422
COLUMNS = {"reference": ("reference",), "titre": ("title",), "etat": ("state",), "date": ("created_at",)}


@require_safe
def opinion_list(request: UserRequest) -> HttpResponse:
    term = desk_term(request)
    form = forms.OpinionFilterForm(request.GET)
    rows = listing(request.user, term).filter(form.condition())
    order = sorting(request, COLUMNS, default="-date")
    context = {
        "term": term,
        "form": form,
        "page": keyset_page(rows.for_screen(), request, ordering=order.ordering),
        "count": rows.count(),
        "order": order,
        "columns": list_columns(),
        "can_create": is_team(request.user, term),
        "can_set": is_lead(request.user, term),
        "export": f"{reverse('opinions:export')}?{request.GET.urlencode()}",
        "is_filtered": form.is_used,
    }
    return render(request, "opinions/opinion_list.html", context)


def list_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Avis"), "key": "titre"},
        {"label": _("Référence"), "key": "reference"},
        {"label": _("Parties validées"), "number": True},
        {"label": _("Séance du vote")},
        {"label": _("État"), "key": "etat"},
    ]


@require_safe
def opinion_export(request: UserRequest) -> HttpResponse:
    """Exactly the list shown, whole."""
    term = desk_term(request)
    form = forms.OpinionFilterForm(request.GET)
    order = sorting(request, COLUMNS, default="-date").ordering
    rows = listing(request.user, term).filter(form.condition()).order_by(*order, "pk")
    header = [_("Référence"), _("Titre"), _("Saisine"), _("État"), _("Déposé le"), _("Adopté le"), _("Remis le")]
    return csv_response(_("Avis de l’assemblée"), header, (export_line(row) for row in rows.for_screen()))


def export_line(row: Opinion) -> list[object]:
    return [
        row.reference,
        row.title,
        row.referral.reference,
        row.get_state_display(),
        row.tabled_at,
        row.adopted_on,
        row.handed_over_on,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_create(request: UserRequest) -> HttpResponse:
    term = desk_term(request)
    if not is_team(request.user, term):
        raise PermissionDenied
    form = forms.CreateForm(posted(request), term=term, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = actions.create(data["referral"], title=data["title"], by=request.user)
        messages.success(request, _("Le plan de l’avis est proposé à partir des groupes de la saisine."))
        return redirect("opinions:outline", made.pk)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "opinions/opinion_create.html", {"form": form}, status=status)


@require_safe
def opinion_show(request: UserRequest, pk: int) -> HttpResponse:
    """Where each section stands."""
    opinion = desk_opinion(request, pk)
    rows = [section_row(request, section) for section in with_leads(sections_of(opinion))]
    return render(request, "opinions/opinion_show.html", dossier.context(request, opinion, rows=rows))


def section_row(request: UserRequest, section: Any) -> dict[str, Any]:
    """One section with what this reader may do with it."""
    return {"section": section, "can": SECTION.abilities(request.user, section)}


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_edit(request: UserRequest, pk: int) -> HttpResponse:
    opinion = team_opinion(request, pk)
    if not rules.can_edit(request.user, opinion):
        raise PermissionDenied
    form = forms.OpinionEditForm(posted(request), opinion=opinion)
    if request.method == "POST" and form.is_valid():
        actions.edit(opinion, by=request.user, **form.cleaned_data)
        messages.success(request, _("L’avis est enregistré."))
        return redirect("opinions:opinion", opinion.pk)
    context = {"form": form, "opinion": opinion}
    return render(request, "opinions/opinion_edit.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
def opinion_history(request: UserRequest, pk: int) -> HttpResponse:
    opinion = desk_opinion(request, pk)
    return render(request, "opinions/opinion_history.html", dossier.context(request, opinion, "history"))


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings(request: UserRequest) -> HttpResponse:
    """Settings of the term, by its lead."""
    term = desk_term(request)
    if not is_lead(request.user, term):
        raise PermissionDenied
    row = settings_of(term)
    initial = {name: getattr(row, name) for name in settings_actions.FIELDS}
    form = forms.OpinionSettingsForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        settings_actions.change(term, form.cleaned_data, by=request.user)
        messages.success(request, _("Les réglages sont enregistrés."))
        return redirect("opinions:settings")
    context = {"form": form, "term": term}
    return render(request, "opinions/opinion_settings.html", context, status=UNPROCESSABLE if form.errors else 200)
