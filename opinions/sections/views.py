"""The plan as a page: an outline of its sections, each with its group."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.institution.models import Committee
from assembly.web.errors import EditConflict
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.outline import (
    LINE,
    LinePositionForm,
    OrderForm,
    address_with_new_rows,
    is_outline_request,
    line_response,
    outline_response,
    paste_refusal,
)
from assembly.web.versioned import Difference, differences, is_autosave
from opinions.forms.opinions import SectionEditForm, SectionForm, SectionLineForm, SectionPasteForm
from opinions.models import Opinion, OpinionSection
from opinions.queries.opinions import open_committees, removed_sections, sections_of
from opinions.rules import opinions as rules
from opinions.sections import actions
from opinions.views import dossier
from opinions.views.fetch import team_opinion

PAGE = "opinions/sections/outline.html"


def planned(request: UserRequest, pk: int) -> Opinion:
    opinion = team_opinion(request, pk)
    if not rules.can_plan(request.user, opinion):
        raise PermissionDenied
    return opinion


def section_of(opinion: Opinion, pk: int, *, with_removed: bool = False) -> OpinionSection:
    rows = OpinionSection.objects.filter(opinion=opinion)
    rows = rows if with_removed else rows.filter(removed_at=None)
    section = get_object_or_404(rows.select_related("committee", "lead", "rapporteur", "text"), pk=pk)
    section.opinion = opinion
    return section


def plan_context(opinion: Opinion) -> dict[str, Any]:
    groups = list(open_committees(opinion))
    return {
        "rows": [(section, line_form(section, groups)) for section in sections_of(opinion)],
        "new_row": SectionLineForm(auto_id="ligne-nouvelle-%s", committees=groups),
        "removed": removed_sections(opinion),
    }


def line_form(section: OpinionSection, groups: list[Committee]) -> SectionLineForm:
    auto_id = f"ligne-{section.pk}-%s"
    return SectionLineForm(initial=initial_of(section), auto_id=auto_id, committees=assignable_groups(section, groups))


def assignable_groups(section: OpinionSection, groups: list[Committee]) -> list[Committee]:
    """Return the groups to which a section may be assigned, its present one included even if closed."""
    own = section.committee
    return groups if own is None or own in groups else [*groups, own]


def initial_of(section: OpinionSection) -> dict[str, Any]:
    shown = {name: getattr(section, name) for name in ("title", "guidance", "lead", "rapporteur")}
    return shown | {"committee": section.committee_id or "", "version": actions.mark(section)}


def plan_alone(request: UserRequest, opinion: Opinion) -> str:
    """Return the present plan without the page around it."""
    return render_to_string(f"{PAGE}#outline", {"opinion": opinion, **plan_context(opinion)}, request)


def to_plan(opinion: Opinion) -> str:
    return reverse("opinions:outline", args=[opinion.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: UserRequest, pk: int) -> HttpResponse:
    """Show the plan, and add a section."""
    opinion = planned(request, pk)
    if is_outline_request(request):
        return outline_response(request, lambda: plan_alone(request, opinion))
    if is_autosave(request):
        return line_add(request, opinion)
    return form_page(
        request,
        SectionForm(posted(request), opinion=opinion),
        lambda data: actions.add(opinion, by=request.user, **data),
        template=PAGE,
        context=lambda: dossier.context(request, opinion, **plan_context(opinion)),
        success_message=_("La partie est ajoutée."),
        to=to_plan(opinion),
    )


def line_add(request: UserRequest, opinion: Opinion) -> JsonResponse:
    """Add a section typed as one line of the plan."""
    form = SectionLineForm(request.POST, committees=open_committees(opinion))
    after, _depth = LinePositionForm(request.POST).position
    return line_response(
        form,
        lambda version: actions.add(opinion, by=request.user, after=after, **form.values()),
        mark=actions.mark,
        outline=lambda: plan_alone(request, opinion),
    )


@require_POST
def sections_paste(request: UserRequest, pk: int) -> HttpResponse:
    """Add a list from a mail or a text, all at once."""
    opinion = planned(request, pk)
    form = SectionPasteForm(request.POST)
    if not form.is_valid():
        return paste_refusal(form)
    after, _depth = form.position
    sections = actions.paste(opinion, form.cleaned_data["text"], after=after, by=request.user)
    messages.success(request, _("La liste est ajoutée au plan."))
    return redirect(address_with_new_rows(to_plan(opinion), sections))


@require_POST
def sections_arrange(request: UserRequest, pk: int) -> HttpResponse:
    """Save the order after a drag."""
    opinion = planned(request, pk)
    form = OrderForm(request.POST)
    if form.is_valid():
        actions.arrange(opinion, [key for key, _depth in form.pairs()], by=request.user)
    return redirect("opinions:outline", opinion.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """Edit a section or its line; text typed for a section that was removed since is not lost."""
    opinion = planned(request, pk)
    plan_section = section_of(opinion, section, with_removed=request.method == "POST")
    make: Any = partial(SectionEditForm, section=plan_section)
    if LINE in request.POST:
        make = partial(SectionLineForm, committees=assignable_groups(plan_section, list(open_committees(opinion))))
    form = make(posted(request), initial=initial_of(plan_section))

    def save(version: str) -> OpinionSection:
        actions.change(plan_section, by=request.user, seen=version, **form.values())
        return plan_section

    def compare(late: EditConflict) -> list[Difference]:
        gone = [Difference(_("Partie"), _("retirée du plan"), _("gardée"))] if late.current.removed_at else []
        return gone + differences(make(initial=initial_of(late.current)), form)

    if is_autosave(request):
        return line_response(
            form, save, mark=actions.mark, compare=compare, outline=lambda: plan_alone(request, opinion)
        )
    return form_page(
        request,
        form,
        lambda data: save(data["version"]),
        compare=compare,
        template="opinions/sections/edit.html",
        context={"opinion": opinion, "section": plan_section},
        success_message=_("La partie est enregistrée."),
        to=to_plan(opinion),
    )


@require_POST
def section_move(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """Move a section one place up or down."""
    opinion = planned(request, pk)
    actions.reorder(section_of(opinion, section), up=request.POST.get("direction") == "up", by=request.user)
    return redirect("opinions:outline", opinion.pk)


@require_POST
def section_duplicate(request: UserRequest, pk: int, section: int) -> HttpResponse:
    opinion = planned(request, pk)
    new_section = actions.duplicate(section_of(opinion, section), by=request.user)
    messages.success(request, _("La partie est dupliquée."))
    return redirect(address_with_new_rows(to_plan(opinion), [new_section]))


@require_POST
def section_remove(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """Take a section out of the plan; its text is retained and comes back with it."""
    opinion = planned(request, pk)
    actions.remove(section_of(opinion, section), by=request.user)
    messages.success(request, _("La partie est retirée du plan."))
    return redirect("opinions:outline", opinion.pk)


@require_POST
def section_restore(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """Undo a removal; sent twice, it is done once."""
    opinion = planned(request, pk)
    actions.restore(section_of(opinion, section, with_removed=True), by=request.user)
    messages.success(request, _("La partie est remise dans le plan."))
    return redirect("opinions:outline", opinion.pk)
