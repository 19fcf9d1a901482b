"""Views of the tab « Compte rendu » of the dossier of a sitting."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.dossiers.awaited import DossierKind, add_dossier_kind, awaited_for
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from sessions import pages
from sessions.actions import minutes as actions
from sessions.actions import publication
from sessions.minutes.queries.minutes import minutes_for_page
from sessions.minutes.queries.writing import corrections_for_desk, outline, progress_of, sections_of, written_lines
from sessions.minutes.views.steps import STEPS, desk_minutes
from sessions.minutes.views.tab import minutes_status
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Minutes, Sitting
from sessions.queries.minutes_facts import title_of
from sessions.rules import minutes as rules
from sessions.views.corrections_chosen import SELECTION

STOP_POLLING = 286  # htmx swaps in the response and stops polling


def abilities(user: User, minutes: Minutes) -> dict[str, bool]:
    """Return what the pages of these minutes may offer to this reader: the steps, and other writes."""
    return MINUTES.abilities(user, minutes) | {
        "write": rules.can_write(user, minutes),
        "record_correction": rules.can_record_correction(user, minutes),
    }


@require_safe
def minutes_tab(request: UserRequest, pk: int) -> HttpResponse:
    """Show the minutes in the dossier: not started, written, corrected, approved or sealed."""
    sitting = pages.desk_sitting(request, pk)
    minutes = minutes_for_page(request.user).select_related("approval_item__sitting").filter(sitting=sitting).first()
    if minutes is None:
        frame = pages.context(request, sitting, "minutes")
        more = {"minutes": None, "may_start": rules.can_start(request.user, sitting)}
        return render(request, "sessions/minutes/tab.html", frame | more)
    context = tab_context(request, sitting, minutes)
    if request.headers.get("HX-Request") != "true":
        return render(request, "sessions/minutes/tab.html", context)
    if context["frame"].status.poll:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "sessions/minutes/tab.html", context, status=STOP_POLLING)


def tab_context(request: UserRequest, sitting: Sitting, minutes: Minutes) -> dict[str, Any]:
    plan = outline(sections_of(minutes), written_lines(minutes))
    figures = progress_of(minutes, plan)
    status = minutes_status(request.user, minutes, figures, timezone.now(), page=request.path)
    context = pages.context(request, sitting, "minutes")
    return context | {
        "frame": replace(context["frame"], status=status, awaited=awaited_for(status, request.user, minutes)),
        "minutes": minutes,
        "may": abilities(request.user, minutes),
        "plan": plan,
        "progress": figures,
        "others": STEPS.links(request, minutes, without={"type", "fonctions"}, url=status.url),
        "corrections": corrections_for_desk(minutes) if minutes.is_shared else [],
        "selection": SELECTION,
        "ticks": figures.asked > 1 and rules.can_record_correction(request.user, minutes),
    }


@require_POST
def minutes_start(request: UserRequest, pk: int) -> HttpResponse:
    """Start the minutes, then open the first item to write."""
    minutes = actions.start(pages.desk_sitting(request, pk), by=request.user)
    lines = written_lines(minutes)
    if not lines:
        messages.warning(request, _("L’ordre du jour est vide : ajoutez-y des points."))
        return redirect("sittings:minutes", minutes.sitting_id)
    return redirect("sittings:section", minutes.pk, lines[0].item.pk)


@require_POST
def minutes_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Request the draft PDF: open it if nothing changed since the last one, else show its progress."""
    minutes = desk_minutes(request, pk)
    try:
        job = publication.draft(minutes, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("sittings:minutes", minutes.sitting_id)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)


add_dossier_kind(
    DossierKind(
        Minutes,
        MINUTES,
        rows=minutes_for_page,
        page=rules.MINUTES_PAGES.page_for,
        title=title_of,
        scope=lambda minutes: (minutes.sitting.term.assembly_id, minutes.sitting.term_id),
    )
)
