"""The plan as an outline of its sections, and the text of each group with its validation."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.collab.models import SharedText
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.models import Committee
from assembly.web.errors import EditConflict
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
from assembly.web.pages import form_page
from assembly.web.versioned import Difference, differences, is_autosave
from opinions import pages
from opinions.models import Opinion, OpinionSection
from opinions.opinions import rules
from opinions.opinions.queries import open_committees, removed_sections, sections_of, visible_opinion
from opinions.pages import bench, desk_opinion, member_opinion, team_opinion, text_of
from opinions.sections import actions
from opinions.sections.forms import SectionEditForm, SectionForm, SectionLineForm, SectionPasteForm
from opinions.sections.workflow import SECTION

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
        context=lambda: pages.context(request, opinion, **plan_context(opinion)),
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


@require_safe
def section_text(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """Show the text of one group, in the back office."""
    return section_page(request, desk_opinion(request, pk), section, name="section-text", back="opinion")


@require_safe
def member_section_text(request: UserRequest, pk: int, section: int) -> HttpResponse:
    """Show the text of one group, in the members' area."""
    return section_page(request, member_opinion(request, pk), section, name="my-section-text", back="my-opinion")


def section_page(request: UserRequest, opinion: Opinion, pk: int, *, name: str, back: str) -> HttpResponse:
    """Show the text with the plan next to it; `name` and `back` are the routes of these texts and of the opinion."""
    shown_section = section_of(opinion, pk)
    outline = [
        {
            "number": number,
            "title": section.title,
            "url": reverse(f"opinions:{name}", args=[opinion.pk, section.pk]),
            "is_current": section.pk == shown_section.pk,
        }
        for number, section in enumerate(sections_of(opinion), start=1)
        if section.text_id
    ]
    address = reverse(f"opinions:{back}", args=[opinion.pk])
    return bench(
        request,
        text_of(shown_section),
        {"opinion": opinion, "section": shown_section, "outline": outline, "back": address},
    )


@require_safe
def opinion_text(request: UserRequest, pk: int) -> HttpResponse:
    """Show the one text, in the back office."""
    opinion = desk_opinion(request, pk)
    back = reverse("opinions:recommendations", args=[opinion.pk])
    return bench(request, one_text(opinion), {"opinion": opinion, "back": back})


@require_safe
def member_text(request: UserRequest, pk: int) -> HttpResponse:
    """Show the one text, in the members' area."""
    opinion = member_opinion(request, pk)
    back = reverse("opinions:my-opinion", args=[opinion.pk])
    return bench(request, one_text(opinion), {"opinion": opinion, "back": back})


def one_text(opinion: Opinion) -> SharedText:
    return get_object_or_404(SharedText.objects.all(), pk=opinion.text_id if opinion.has_one_text else None)


def back_to(request: UserRequest, section: OpinionSection) -> str:
    return rules.OPINION_PAGES.page_for(section.opinion, request.user)


def visible_section(request: UserRequest, pk: int) -> OpinionSection:
    """Return a section of an opinion that this reader sees, with its opinion."""
    seen = Opinion.objects.visible_to(request.user)
    rows = OpinionSection.objects.filter(removed_at=None, opinion__in=seen.values("pk"))
    section = get_object_or_404(rows.select_related("committee", "lead", "rapporteur", "text"), pk=pk)
    section.opinion = visible_opinion(request.user, section.opinion_id)
    if not rules.can_read_sections(request.user, section.opinion):
        raise PermissionDenied
    return section


STEPS = StepPages(
    SECTION,
    fetch=visible_section,
    back=back_to,
    eyebrow=lambda section: section.opinion.title,
)
STEPS.bind(
    "question",
    {
        "validate": lambda section: _("Le groupe valide-t-il « %(name)s » ?") % {"name": section.title},
        "reopen": lambda section: _("Rouvrir « %(name)s » ?") % {"name": section.title},
    },
)
