"""The tab « Compte rendu » of a sitting's dossier, and the pages of each step."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.dossiers.frame import Status
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.rules import is_team
from assembly.workflow import StateConflict
from sessions.actions import minutes as actions
from sessions.actions import publication
from sessions.models import Minutes, Sitting
from sessions.queries.minutes import minutes_for_page
from sessions.queries.minutes_desk import (
    Progress,
    corrections_for_desk,
    outline,
    progress_of,
    sections_of,
    written_lines,
)
from sessions.rules import minutes as rules
from sessions.rules.minutes_next import Next, next_step
from sessions.views import dossier
from sessions.views.minutes_steps import PAGES, STEPS, Step, others

STOP_POLLING = 286  # htmx takes the answer and asks no more


def desk_minutes(request: UserRequest, pk: int) -> Minutes:
    """The minutes, for the bureau: unseen is 404, seen in another room only is 403."""
    minutes = get_object_or_404(minutes_for_page(request.user), pk=pk)
    if not rules.can_see_desk(request.user, minutes):
        raise PermissionDenied
    return minutes


@require_safe
def minutes_tab(request: UserRequest, pk: int) -> HttpResponse:
    """The part of the dossier about minutes: not begun, written, corrected, approved, sealed."""
    sitting = dossier.desk_sitting(request, pk)
    minutes = minutes_for_page(request.user).select_related("approval_item__sitting").filter(sitting=sitting).first()
    if minutes is None:
        frame = dossier.context(request, sitting, "minutes")
        more = {"minutes": None, "may_start": rules.can_start(request.user, sitting)}
        return render(request, "sessions/minutes_tab.html", frame | more)
    context = tab_context(request, sitting, minutes)
    if request.headers.get("HX-Request") != "true":
        return render(request, "sessions/minutes_tab.html", context)
    if context["frame"].status.poll:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "sessions/minutes_tab.html", context, status=STOP_POLLING)


def tab_context(request: UserRequest, sitting: Sitting, minutes: Minutes) -> dict[str, Any]:
    now = timezone.now()
    can = rules.abilities(request.user, minutes, now)
    plan = outline(sections_of(minutes), written_lines(minutes))
    figures = progress_of(minutes, plan)
    step = next_step(minutes, figures, can, now)
    context = dossier.context(request, sitting, "minutes")
    poll = request.path if step.is_waiting else ""
    status = Status(step.sentence, step.consequence, step.label, page_of(minutes, step, figures), poll)
    return context | {
        "frame": replace(context["frame"], status=status),
        "minutes": minutes,
        "may": can,
        "plan": plan,
        "progress": figures,
        "others": others(request.user, minutes, step.page),
        "corrections": corrections_for_desk(minutes) if minutes.is_shared else [],
    }


def page_of(minutes: Minutes, step: Next, figures: Progress) -> str:
    """Where the big button leads."""
    if step.page == "write":
        return reverse("sittings:section", args=[minutes.pk, figures.first_unwritten])
    if step.page == "corrections":
        return "#corrections"
    return reverse("sittings:minutes-step", args=[minutes.pk, PAGES[step.page]]) if step.page else ""


@require_POST
def minutes_start(request: UserRequest, pk: int) -> HttpResponse:
    """Begin, then open the first point to write."""
    minutes = actions.start(dossier.desk_sitting(request, pk), by=request.user)
    lines = written_lines(minutes)
    if not lines:
        messages.warning(request, _("L’ordre du jour est vide : ajoutez-y des points."))
        return redirect("sittings:minutes", minutes.sitting_id)
    return redirect("sittings:section", minutes.pk, lines[0].item.pk)


@require_POST
def minutes_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for the draft PDF: open it when nothing changed since the last one, else watch it being made."""
    minutes = desk_minutes(request, pk)
    try:
        job = publication.draft(minutes, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("sittings:minutes", minutes.sitting_id)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_step(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """One step: a question with its numbers, then the act. Visas and seals ask for a fresh proof of identity."""
    if slug not in STEPS:
        raise Http404
    minutes = desk_minutes(request, pk)
    back = reverse("sittings:minutes", args=[minutes.sitting_id])
    take = recently_authenticated(take_step) if STEPS[slug].fresh else take_step
    return take(request, minutes, STEPS[slug], slug, back)


def take_step(request: UserRequest, minutes: Minutes, step: Step, slug: str, back: str) -> HttpResponse:
    if not step.may(request.user, minutes):
        if is_team(request.user, minutes.sitting.term_id):
            raise StateConflict(minutes, slug)
        raise PermissionDenied
    form = step.form(request.POST or None, minutes=minutes) if step.form else None
    error = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            step.run(minutes, request.user, form.cleaned_data if form else {})
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, step.done)
            return redirect(back)
    context = {"minutes": minutes, "form": form, "error": error, "back": back, "label": step.label}
    people = step.people(minutes) if step.people else []
    more = {"title": step.title(minutes), "lines": step.lines(minutes), "action": request.path, "people": people}
    return render(request, "sessions/minutes_step.html", context | more)
