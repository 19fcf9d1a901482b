"""The text of a group in the back office and the members' area; its validation, by the group or on its behalf."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.collab.enums import TextRight
from assembly.collab.models import SharedText
from assembly.collab.queries.editing import coediting
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from opinions.amendments import rules as amendment_rules
from opinions.models import Opinion, OpinionSection
from opinions.queries.opinions import sections_of, visible_opinion
from opinions.rules import opinions as rules
from opinions.sections.views import section_of
from opinions.sections.workflow import SECTION
from opinions.views.fetch import desk_opinion


def member_opinion(request: UserRequest, pk: int) -> Opinion:
    """Return the opinion for the members' area; raise Http404 when it is not visible."""
    opinion = visible_opinion(request.user, pk)
    if not rules.can_read_as_member(request.user, opinion):
        raise PermissionDenied
    return opinion


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


def text_of(section: OpinionSection) -> SharedText:
    """Return the text of a section; raise Http404 for a section of a plan, which has none yet."""
    return get_object_or_404(SharedText.objects.all(), pk=section.text_id)


def one_text(opinion: Opinion) -> SharedText:
    return get_object_or_404(SharedText.objects.all(), pk=opinion.text_id if opinion.has_one_text else None)


def bench(request: UserRequest, text: SharedText, context: dict[str, Any]) -> HttpResponse:
    """Show the editor, or the text to read; raise Http404 without any right, as everywhere."""
    opened = coediting(text, request.user)
    if opened.right == TextRight.NONE:
        raise Http404
    shown = {"coedit": opened, "amend_url": amend_url(request, context["opinion"])}
    return render(request, "opinions/sections/text.html", {"outline": [], "section": None} | context | shown)


def amend_url(request: UserRequest, opinion: Opinion) -> str:
    """Return where late words may still become an amendment, "" if nowhere."""
    if amendment_rules.can_propose(request.user, opinion, timezone.now()):
        return reverse("opinions:my-amend-text", args=[opinion.pk])
    return ""


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
