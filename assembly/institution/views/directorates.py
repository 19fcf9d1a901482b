"""Views of directorates and their agents in the back office: `/bureau/directions/`."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution import queries
from assembly.institution.actions import directorates as actions
from assembly.institution.current_term import led_assembly
from assembly.institution.forms import DirectorateCloseForm, DirectorateForm, DirectorateNameForm
from assembly.institution.models import Directorate
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.lists import Column, List
from assembly.web.pagination import LONG_PAGE


def format_agents(row: Any) -> str:
    """Join the agents, which the query of the list has loaded as `agents`."""
    return ", ".join(f"{agent.user.person.full_name} ({agent.get_role_display()})" for agent in row.agents)


LIST = List(
    gettext_lazy("Directions"),
    [
        Column(gettext_lazy("Sigle"), "code"),
        Column(gettext_lazy("Direction"), "name", key="direction"),
        Column(gettext_lazy("Agents"), format_agents, key="agents"),
        Column(gettext_lazy("État"), key="etat"),
        Column(gettext_lazy("Close le"), "closed_on"),
        Column(gettext_lazy("Reprise par"), lambda row: row.successor.name if row.successor else ""),
        Column(gettext_lazy("Actions"), key="gestes"),
    ],
    default="ouvertes",
    # In descending order PostgreSQL puts NULL, the open ones, first.
    orders={"ouvertes": ["-closed_on", "name__alphabetical"]},
    export="institution:directorate-export",
    size=LONG_PAGE,
)


@require_safe
def directorate_list(request: UserRequest) -> HttpResponse:
    listed = LIST.page(request, queries.directorates_of(led_assembly(request).pk))
    return render(request, "institution/directorate_list.html", {"list": listed})


@require_safe
@recently_authenticated
def directorate_export(request: UserRequest) -> HttpResponse:
    return LIST.file(request, queries.directorates_of(led_assembly(request).pk))


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_create(request: UserRequest) -> HttpResponse:
    assembly = led_assembly(request)
    return form_page(
        request,
        DirectorateForm(posted(request)),
        lambda data: actions.create(assembly, by=request.user, **data),
        template="institution/directorate_form.html",
        success_message=_("La direction est créée. Invitez maintenant ses agents."),
        to=reverse("institution:directorates"),
    )


def _directorate(request: UserRequest, pk: int) -> Directorate:
    return get_object_or_404(Directorate.objects.filter(assembly=led_assembly(request)), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_rename(request: UserRequest, pk: int) -> HttpResponse:
    directorate = _directorate(request, pk)
    return form_page(
        request,
        DirectorateNameForm(posted(request), initial={"name": directorate.name}),
        lambda data: actions.rename(directorate, by=request.user, **data),
        template="institution/directorate_form.html",
        context={"directorate": directorate},
        success_message=_("La direction a un nouveau nom."),
        to=reverse("institution:directorates"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def directorate_close(request: UserRequest, pk: int) -> HttpResponse:
    directorate = _directorate(request, pk)
    others = Directorate.objects.filter(assembly=directorate.assembly_id, closed_on=None).exclude(pk=pk)
    return form_page(
        request,
        DirectorateCloseForm(posted(request), others=others),
        lambda data: actions.close(directorate, by=request.user, **data),
        field="successor",
        template="institution/directorate_close.html",
        context={"directorate": directorate},
        success_message=_("La direction est close. Ses dossiers gardent leur histoire."),
        to=reverse("institution:directorates"),
    )
