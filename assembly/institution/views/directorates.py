"""Views of directorates and their agents in the back office: `/bureau/directions/`."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.actions import directorates as actions
from assembly.institution.forms import DirectorateCloseForm, DirectorateForm, DirectorateNameForm
from assembly.institution.models import Directorate
from assembly.institution.pages import led_assembly
from assembly.web.forms import posted
from assembly.web.pages import form_page


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
