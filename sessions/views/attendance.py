"""The roll: on a tablet at the door, corrected at the desk afterwards."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from sessions.actions import answers as answer_actions
from sessions.actions import attendance as actions
from sessions.actions import sheets
from sessions.forms.answers import AbsenceForm
from sessions.forms.attendance import NewStayForm, StayForm
from sessions.models import Attendance, Invitee, Sitting
from sessions.queries.attendance import attendance_summary, live_board, one_row, quorum_curve, roll
from sessions.rules import sittings as rules
from sessions.views import dossier
from sessions.views.answers import own_invitee

ROLL = "sessions/roll.html"
TAPS: dict[str, Callable[..., Any]] = {"arrive": actions.arrive, "part": actions.leave, "annule": actions.undo}


@require_safe
def attendance_board(request: UserRequest, pk: int) -> HttpResponse:
    """Who came, by half-day; who excused themselves; the number there through the day."""
    sitting = dossier.desk_sitting(request, pk)
    rows = roll(sitting)
    context = dossier.context(
        request,
        sitting,
        "attendance",
        rows=rows,
        summary=attendance_summary(sitting, rows),
        board=live_board(sitting, rows),
        curve=quorum_curve(sitting, rows),
    )
    return render(request, "sessions/attendance.html", context)


@require_safe
def roll_call(request: UserRequest, pk: int) -> HttpResponse:
    """One big line for each name."""
    sitting = dossier.desk_sitting(request, pk, rules.can_see_private)
    rows = roll(sitting)
    groups: dict[str, list[Any]] = {}
    for row in rows:
        if row.invitee.is_member:
            groups.setdefault((row.invitee.person.sort_name[:1] or "?").upper(), []).append(row)
    context = {
        "sitting": sitting,
        "can": dossier.abilities(request.user, sitting),
        "groups": groups,
        "guests": [row for row in rows if not row.invitee.is_member],
        "board": live_board(sitting, rows),
    }
    return render(request, ROLL, context)


@require_POST
def tap(request: UserRequest, pk: int, invitee: int, verb: str) -> HttpResponse:
    """One tap. With script the line and the figures come back, without it the page."""
    sitting = dossier.desk_sitting(request, pk)
    found = own_invitee(sitting, invitee)
    if verb not in TAPS:
        raise Http404
    try:
        TAPS[verb](found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    if dossier.is_htmx(request):
        context = {"row": one_row(found), "sitting": sitting, "board": live_board(sitting), "is_swap": True}
        context["can"] = dossier.abilities(request.user, sitting)
        return render(request, f"{ROLL}#tapped", context)
    return redirect(f"{reverse('sittings:roll', args=[sitting.pk])}#personne-{found.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def person_attendance(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    """The stays of one person; a new one from the paper sheet."""
    sitting = dossier.desk_sitting(request, pk, rules.can_take_attendance)
    found = own_invitee(sitting, invitee)
    form = NewStayForm(posted(request), starts_at=sitting.starts_at, running=sitting.is_running)
    return person_page(
        request,
        found,
        form,
        lambda data: actions.add_stay(found, by=request.user, **form.values()),
        shown_as="form",
        done=_("Présence notée."),
    )


def person_page[T](
    request: UserRequest,
    found: Invitee,
    form: BaseForm,
    act: Callable[[dict[str, Any]], T],
    *,
    shown_as: str,
    done: str,
) -> HttpResponse:
    """The stays of one person and two forms: a new stay (`form`), an absence (`absence`); the other one is blank."""
    sitting = found.sitting
    return form_page(
        request,
        form,
        act,
        template="sessions/person_attendance.html",
        context=lambda: {
            "sitting": sitting,
            "row": one_row(found),
            "form": NewStayForm(starts_at=sitting.starts_at, running=sitting.is_running),
            "absence": AbsenceForm(initial={"absence": found.absence, "reason": found.absence_reason}),
            "voided": found.stays.filter(voided_at__isnull=False).select_related("recorded_by__person"),
            shown_as: form,
        },
        done=done,
        to=reverse("sittings:person-attendance", args=[sitting.pk, found.pk]),
    )


@require_POST
def absence_record(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    found = own_invitee(dossier.desk_sitting(request, pk, rules.can_take_attendance), invitee)
    return person_page(
        request,
        found,
        AbsenceForm(posted(request)),
        lambda data: answer_actions.record_absence(found, by=request.user, **data),
        shown_as="absence",
        done=_("Absence notée."),
    )


def own_stay(request: UserRequest, pk: int, stay: int) -> tuple[Sitting, Attendance]:
    sitting = dossier.desk_sitting(request, pk)
    found = get_object_or_404(
        Attendance.objects.select_related("invitee__person"), pk=stay, invitee__sitting=sitting, voided_at=None
    )
    found.invitee.sitting = sitting
    if not rules.can_take_attendance(request.user, sitting):
        raise PermissionDenied
    return sitting, found


@require_http_methods(["GET", "HEAD", "POST"])
def stay_edit(request: UserRequest, pk: int, stay: int) -> HttpResponse:
    sitting, found = own_stay(request, pk, stay)
    initial = {
        "arrived": timezone.localtime(found.arrived_at).time().replace(second=0, microsecond=0),
        "left": found.left_at and timezone.localtime(found.left_at).time().replace(second=0, microsecond=0),
        "mode": found.mode,
    }
    form = StayForm(posted(request), starts_at=sitting.starts_at, running=sitting.is_running, initial=initial)
    return form_page(
        request,
        form,
        lambda data: actions.correct(found, by=request.user, **form.values()),
        template="sessions/stay_edit.html",
        context={"sitting": sitting, "stay": found},
        done=_("Heures corrigées."),
        to=reverse("sittings:person-attendance", args=[sitting.pk, found.invitee_id]),
    )


@require_POST
def stay_void(request: UserRequest, pk: int, stay: int) -> HttpResponse:
    sitting, found = own_stay(request, pk, stay)
    actions.void_stay(found, by=request.user)
    messages.success(request, _("Présence annulée."))
    return redirect("sittings:person-attendance", sitting.pk, found.invitee_id)


@require_POST
def sign_in_sheet(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for the sheet of those expected, then watch it being made."""
    job = sheets.ask_sign_in_sheet(dossier.desk_sitting(request, pk), by=request.user)
    return redirect("documents:rendition-progress", job.public_id)
