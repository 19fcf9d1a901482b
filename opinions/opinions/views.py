"""One opinion: its plan, its history, and the settings of the term."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.current_term import working_term
from assembly.institution.rules import is_lead, is_team
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from opinions.actions import opinions as actions
from opinions.forms import opinions as forms
from opinions.opinions import actions as settings_actions
from opinions.queries.opinions import sections_of, settings_of, with_leads
from opinions.rules import opinions as rules
from opinions.sections.workflow import SECTION
from opinions.views import dossier
from opinions.views.fetch import desk_opinion, team_opinion
from opinions.views.reading import recommendation_widgets


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_create(request: UserRequest) -> HttpResponse:
    term = working_term(request, is_team)
    return form_page(
        request,
        forms.CreateForm(posted(request), term=term, user=request.user),
        lambda data: actions.create(data["referral"], title=data["title"], by=request.user),
        template="opinions/opinions/create.html",
        success_message=_("Le plan de l’avis est proposé à partir des groupes de la saisine."),
        to=lambda opinion: reverse("opinions:outline", args=[opinion.pk]),
    )


@require_safe
def opinion_show(request: UserRequest, pk: int) -> HttpResponse:
    """Show the state of each section; after the handover, what becomes of each recommendation."""
    opinion = desk_opinion(request, pk)
    rows = [section_row(request, section) for section in with_leads(sections_of(opinion))]
    outcomes = recommendation_widgets(request.user, opinion) if opinion.handed_over_on else {}
    return render(request, "opinions/opinions/show.html", dossier.context(request, opinion, rows=rows, **outcomes))


def section_row(request: UserRequest, section: Any) -> dict[str, Any]:
    """Return one section with what this reader may do with it."""
    return {"section": section, "can": SECTION.abilities(request.user, section)}


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_edit(request: UserRequest, pk: int) -> HttpResponse:
    opinion = team_opinion(request, pk)
    if not rules.can_edit(request.user, opinion):
        raise PermissionDenied
    return form_page(
        request,
        forms.OpinionEditForm(posted(request), opinion=opinion),
        lambda data: actions.edit(opinion, by=request.user, **data),
        template="opinions/opinions/edit.html",
        context={"opinion": opinion},
        success_message=_("L’avis est enregistré."),
        to=reverse("opinions:opinion", args=[opinion.pk]),
    )


@require_safe
def opinion_history(request: UserRequest, pk: int) -> HttpResponse:
    opinion = desk_opinion(request, pk)
    return render(request, "opinions/opinions/history.html", dossier.context(request, opinion, "history"))


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings(request: UserRequest) -> HttpResponse:
    """Change the settings of the term, for its lead."""
    term = working_term(request, is_lead)
    row = settings_of(term)
    initial = {name: getattr(row, name) for name in settings_actions.FIELDS}
    return form_page(
        request,
        forms.OpinionSettingsForm(posted(request), initial=initial),
        lambda data: settings_actions.change(term, data, by=request.user),
        template="opinions/opinions/settings.html",
        context={"term": term},
        success_message=_("Les réglages sont enregistrés."),
        to=reverse("opinions:settings"),
    )
