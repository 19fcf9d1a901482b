"""Directorates and their agents: `/bureau/directions/`."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution import queries
from assembly.institution.actions import directorates as actions
from assembly.institution.current_term import led_assembly
from assembly.institution.forms import DirectorateCloseForm, DirectorateForm, DirectorateNameForm
from assembly.institution.models import Directorate, RoleAssignment
from assembly.ui.csv import csv_response


@require_safe
def directorate_list(request: UserRequest) -> HttpResponse:
    rows = queries.directorates_of(led_assembly(request).pk)
    return render(request, "institution/directorate_list.html", {"directorates": rows})


def agents_of(row: Directorate) -> list[RoleAssignment]:
    """What the query of the list has loaded."""
    return getattr(row, "agents", [])


@require_safe
@recently_authenticated
def directorate_export(request: UserRequest) -> HttpResponse:
    header = [_("Sigle"), _("Direction"), _("Close le"), _("Reprise par"), _("Agents")]
    lines = (
        [
            row.code,
            row.name,
            row.closed_on or "",
            row.successor.name if row.successor else "",
            ", ".join(f"{held.user.person.full_name} ({held.get_role_display()})" for held in agents_of(row)),
        ]
        for row in queries.directorates_of(led_assembly(request).pk)
    )
    return csv_response(_("directions"), header, lines)


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_create(request: UserRequest) -> HttpResponse:
    assembly = led_assembly(request)
    form = DirectorateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create(assembly, by=request.user, **form.cleaned_data)
        except ValidationError:
            form.add_error("code", _("Une direction porte déjà ce sigle."))
        else:
            messages.success(request, _("La direction est créée. Invitez maintenant ses agents."))
            return redirect("institution:directorates")
    return render(request, "institution/directorate_form.html", {"form": form, "directorate": None})


def _directorate(request: UserRequest, pk: int) -> Directorate:
    return get_object_or_404(Directorate.objects.filter(assembly=led_assembly(request)), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_rename(request: UserRequest, pk: int) -> HttpResponse:
    directorate = _directorate(request, pk)
    form = DirectorateNameForm(request.POST or None, initial={"name": directorate.name})
    if request.method == "POST" and form.is_valid():
        actions.rename(directorate, by=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("La direction a un nouveau nom."))
        return redirect("institution:directorates")
    return render(request, "institution/directorate_form.html", {"form": form, "directorate": directorate})


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def directorate_close(request: UserRequest, pk: int) -> HttpResponse:
    directorate = _directorate(request, pk)
    others = Directorate.objects.filter(assembly=directorate.assembly_id, closed_on=None).exclude(pk=pk)
    form = DirectorateCloseForm(request.POST or None, others=others)
    if request.method == "POST" and form.is_valid():
        actions.close(directorate, by=request.user, **form.cleaned_data)
        messages.success(request, _("La direction est close. Ses dossiers gardent leur histoire."))
        return redirect("institution:directorates")
    return render(request, "institution/directorate_close.html", {"form": form, "directorate": directorate})
