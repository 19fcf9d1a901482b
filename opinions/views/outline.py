"""The plan as a page: sections in their order, each with its group; buttons move one place at a time."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from opinions.actions import outline as actions
from opinions.forms.opinions import SectionEditForm, SectionForm
from opinions.models import Opinion, OpinionSection
from opinions.queries.opinions import sections_of
from opinions.rules import opinions as rules
from opinions.views import dossier
from opinions.views.fetch import team_opinion


def planned(request: UserRequest, pk: int) -> Opinion:
    opinion = team_opinion(request, pk)
    if not rules.can_plan(request.user, opinion):
        raise PermissionDenied
    return opinion


def section_of(opinion: Opinion, pk: int) -> OpinionSection:
    rows = OpinionSection.objects.filter(opinion=opinion, removed_at=None)
    section = get_object_or_404(rows.select_related("committee", "lead", "rapporteur", "text"), pk=pk)
    section.opinion = opinion
    return section


@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: UserRequest, pk: int) -> HttpResponse:
    """The plan, and one more section."""
    opinion = planned(request, pk)
    return form_page(
        request,
        SectionForm(posted(request), opinion=opinion),
        lambda data: actions.add(opinion, by=request.user, **data),
        template="opinions/outline.html",
        context=lambda: dossier.context(request, opinion, sections=sections_of(opinion)),
        done=_("La partie est ajoutée."),
        to=reverse("opinions:outline", args=[opinion.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: UserRequest, pk: int, section: int) -> HttpResponse:
    opinion = planned(request, pk)
    found = section_of(opinion, section)
    return form_page(
        request,
        SectionEditForm(posted(request), section=found),
        lambda data: actions.change(found, by=request.user, **data),
        template="opinions/section_edit.html",
        context={"opinion": opinion, "section": found},
        done=_("La partie est enregistrée."),
        to=reverse("opinions:outline", args=[opinion.pk]),
    )


@require_POST
def section_move(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """One place up or down."""
    opinion = planned(request, pk)
    actions.move(section_of(opinion, section), up=request.POST.get("direction") == "up", by=request.user)
    return redirect("opinions:outline", opinion.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def section_remove(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """Out of the plan; what was written is kept."""
    opinion = planned(request, pk)
    found = section_of(opinion, section)
    if request.method == "POST":
        actions.remove(found, by=request.user)
        messages.success(request, _("La partie est retirée du plan."))
        return redirect("opinions:outline", opinion.pk)
    return render(request, "opinions/section_remove.html", {"opinion": opinion, "section": found})
