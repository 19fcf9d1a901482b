"""Pages of the roll, of certificates, and of absences in a row."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import Person
from assembly.institution.pages import working_term
from assembly.institution.rules import is_member, is_team
from assembly.web.forms import local_address, posted, whole_number
from assembly.web.pages import form_page
from assembly.web.versioned import UNPROCESSABLE
from assembly.workflow import StateConflict
from members.mandates.queries import mandate_in_term
from members.members.queries import member_of
from members.models import Mandate
from sessions import pages
from sessions.attendance import actions
from sessions.attendance.forms import AbsenceForm, EverybodyForm, NewStayForm, StayForm
from sessions.attendance.queries.absences import missed_plenaries, missed_sentence
from sessions.attendance.queries.facts import certificate_pdf, mandate_certificate_pdf
from sessions.attendance.queries.presence import (
    RollCallRow,
    attendance_summary,
    attended_sittings,
    certifiable_invitees,
    live_board,
    quorum_curve,
    read_row,
    roll,
    with_badges,
)
from sessions.attendance.rules import badge_number, fits
from sessions.attendance.workflow import ABSENCE
from sessions.models import AbsenceCase, Attendance, Invitee, Reply, Sitting
from sessions.pages import FindForm, invitee_of_sitting, member_or_404, pdf_response
from sessions.sittings import rules

ROLL = "sessions/attendance/roll.html"
TAPS: dict[str, Callable[..., Any]] = {
    "arrive": actions.record_arrival,
    "part": actions.record_departure,
    "annule": actions.undo_last_tap,
}


@require_safe
def attendance_board(request: UserRequest, pk: int) -> HttpResponse:
    """Show who came, by half-day, who was excused, and the number present through the day."""
    sitting = pages.desk_sitting(request, pk)
    rows = roll(sitting)
    context = pages.context(
        request,
        sitting,
        "attendance",
        rows=rows,
        summary=attendance_summary(sitting, rows),
        board=live_board(sitting, rows),
        curve=quorum_curve(sitting, rows),
    )
    return render(request, "sessions/attendance/board.html", context)


def call_rows(sitting: Sitting) -> list[RollCallRow]:
    """Return the roll with the badge numbers."""
    return with_badges(sitting, roll(sitting))


def search_roll(rows: list[RollCallRow], typed: str) -> list[RollCallRow]:
    """Return who has this badge, else those with such a name, people not yet present first.

    Enter records the first one.
    """
    if by_badge := [row for row in rows if row.badge and row.badge == badge_number(typed)]:
        return by_badge
    return sorted((row for row in rows if fits(typed, row.invitee.person.full_name)), key=lambda row: row.is_there)


def people(request: UserRequest, sitting: Sitting, shown: list[RollCallRow], **more: Any) -> dict[str, Any]:
    """Build the context of the lines of `shown`, members by letter; `asked` is the text typed."""
    groups: dict[str, list[Any]] = {}
    for row in shown:
        if row.invitee.is_member:
            groups.setdefault((row.invitee.person.sort_name[:1] or "?").upper(), []).append(row)
    guests = [row for row in shown if not row.invitee.is_member]
    can, find = pages.abilities(request.user, sitting), FindForm(auto_id="trouver_%s")
    return {"sitting": sitting, "can": can, "groups": groups, "guests": guests, "find": find, **more}


@require_safe
def roll_call(request: UserRequest, pk: int) -> HttpResponse:
    """Show one big line for each name, or those that fit `q`; with `short`, none before something is typed."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    asked, rows = request.GET.get("q", "").strip(), call_rows(sitting)
    shown = search_roll(rows, asked) if asked else [] if request.GET.get("short") else rows
    if pages.is_htmx(request):
        return render(request, f"{ROLL}#people", people(request, sitting, shown, said=search_message(asked, shown)))
    at = parse_datetime(request.GET.get("ensemble", ""))
    together = at and {"at": at.isoformat(), "count": actions.arrivals_at(sitting, at, request.user).count()}
    board = live_board(sitting, rows)
    context = people(request, sitting, shown, asked=asked, board=board, together=together)
    context["open_refusal"] = pages.open_refusal(sitting)
    return render(request, ROLL, context | {"said": search_message(asked, shown)})


def search_message(asked: str, shown: list[RollCallRow]) -> str:
    return _("Personne ne correspond à « %(words)s ».") % {"words": asked} if asked and not shown else ""


@require_POST
def roll_arrive(request: UserRequest, pk: int) -> HttpResponse:
    """Record an arrival by the text typed: a badge, or the first name that fits.

    Without script, only if a single person fits.
    """
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    form, back = FindForm(request.POST), local_address(request, request.POST.get("retour", ""))
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    shown = search_roll(call_rows(sitting), typed) if typed else []
    in_place = pages.is_htmx(request)
    if not shown or (len(shown) > 1 and not in_place):
        if in_place:
            return render(
                request,
                f"{ROLL}#people",
                people(request, sitting, [], said=search_message(typed, [])),
                status=UNPROCESSABLE,
            )
        return redirect(f"{reverse('sittings:roll', args=[sitting.pk])}?{urlencode({'q': typed})}")
    invitee = shown[0].invitee
    actions.record_arrival(invitee, by=request.user)
    message = _("%(name)s est là.") % {"name": invitee.person.full_name}
    if not in_place:
        messages.success(request, message)
        return redirect(back or f"{reverse('sittings:roll', args=[sitting.pk])}#personne-{invitee.pk}")
    rows = call_rows(sitting)
    short = {"is_swap": True, "short": request.POST.get("short", ""), "back": back, "said": message}
    shown = [row for row in rows if row.invitee.pk == invitee.pk]
    return render(
        request, f"{ROLL}#arrived", people(request, sitting, shown, board=live_board(sitting, rows), **short)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def roll_all(request: UserRequest, pk: int) -> HttpResponse:
    """Record everybody but those ticked: the first POST lists them, the confirmation sends these persons."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    if request.method == "POST" and "present" in request.POST:
        chosen = [whole_number(each) for each in request.POST.getlist("present")]
        moment, _count = actions.record_arrivals(sitting, chosen, by=request.user)
        query = urlencode({"ensemble": moment.isoformat()})
        return redirect(f"{reverse('sittings:roll', args=[sitting.pk])}?{query}")
    if not rules.can_run(request.user, sitting):
        raise StateConflict(sitting, "roll")
    waiting = [row for row in roll(sitting) if not row.is_there]
    away = [row.invitee.pk for row in waiting if row.invitee.reply == Reply.WILL_NOT]
    form = EverybodyForm(posted(request), rows=waiting, initial={"away": away})
    context: dict[str, Any] = {"sitting": sitting, "form": form, "coming": None}
    if request.method == "POST" and form.is_valid():
        away = form.cleaned_data["away"]
        context["coming"] = [row for row in waiting if row.invitee.pk not in away]
        context["missing"] = [row for row in waiting if row.invitee.pk in away]
    return render(request, "sessions/attendance/roll_all.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def roll_all_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Undo the arrivals recorded by « Tous présents, sauf… »."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    at = parse_datetime(request.POST.get("at", ""))
    if at is None:
        raise Http404
    count = actions.void_arrivals(sitting, at=at, by=request.user)
    messages.success(request, ngettext("%(n)s arrivée défaite.", "%(n)s arrivées défaites.", count) % {"n": count})
    return redirect("sittings:roll", sitting.pk)


@require_POST
def tap(request: UserRequest, pk: int, invitee: int, action: str) -> HttpResponse:
    """Record one tap; with script the response is the line and the figures, without it the page."""
    sitting = pages.desk_sitting(request, pk)
    row = invitee_of_sitting(sitting, invitee)
    if action not in TAPS:
        raise Http404
    try:
        TAPS[action](row, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    if pages.is_htmx(request):
        context = {
            "row": with_badges(sitting, [read_row(row)])[0],
            "sitting": sitting,
            "board": live_board(sitting),
            "is_swap": True,
        }
        context["can"] = pages.abilities(request.user, sitting)
        return render(request, f"{ROLL}#tapped", context)
    return redirect(f"{reverse('sittings:roll', args=[sitting.pk])}#personne-{row.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def person_attendance(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    """Show the stays of one person, and add one from the paper sheet."""
    sitting = pages.desk_sitting(request, pk, rules.can_take_attendance)
    row = invitee_of_sitting(sitting, invitee)
    form = NewStayForm(posted(request), starts_at=sitting.starts_at, running=sitting.is_running)
    return person_page(
        request,
        row,
        form,
        lambda data: actions.add_stay(row, by=request.user, **form.values()),
        shown_as="form",
        success_message=_("Présence notée."),
    )


def person_page[T](
    request: UserRequest,
    invitee: Invitee,
    form: BaseForm,
    act: Callable[[dict[str, Any]], T],
    *,
    shown_as: str,
    success_message: str,
) -> HttpResponse:
    """Show the stays of one person and two forms: a new stay (`form`), an absence (`absence`).

    The form that was not submitted is blank.
    """
    sitting = invitee.sitting
    return form_page(
        request,
        form,
        act,
        template="sessions/attendance/person.html",
        context=lambda: {
            "sitting": sitting,
            "row": read_row(invitee),
            "form": NewStayForm(starts_at=sitting.starts_at, running=sitting.is_running),
            "absence": AbsenceForm(initial={"absence": invitee.absence, "reason": invitee.absence_reason}),
            "voided": invitee.stays.filter(voided_at__isnull=False).select_related("recorded_by__person"),
            shown_as: form,
        },
        success_message=success_message,
        to=reverse("sittings:person-attendance", args=[sitting.pk, invitee.pk]),
    )


@require_POST
def absence_record(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    row = invitee_of_sitting(pages.desk_sitting(request, pk, rules.can_take_attendance), invitee)
    return person_page(
        request,
        row,
        AbsenceForm(posted(request)),
        lambda data: actions.record_absence(row, by=request.user, **data),
        shown_as="absence",
        success_message=_("Absence notée."),
    )


def stay_of_sitting(request: UserRequest, pk: int, stay: int) -> tuple[Sitting, Attendance]:
    sitting = pages.desk_sitting(request, pk)
    row = get_object_or_404(
        Attendance.objects.select_related("invitee__person"), pk=stay, invitee__sitting=sitting, voided_at=None
    )
    row.invitee.sitting = sitting
    if not rules.can_take_attendance(request.user, sitting):
        raise PermissionDenied
    return sitting, row


@require_http_methods(["GET", "HEAD", "POST"])
def stay_edit(request: UserRequest, pk: int, stay: int) -> HttpResponse:
    sitting, row = stay_of_sitting(request, pk, stay)
    initial = {
        "arrived": timezone.localtime(row.arrived_at).time().replace(second=0, microsecond=0),
        "left": row.left_at and timezone.localtime(row.left_at).time().replace(second=0, microsecond=0),
        "mode": row.mode,
        "hours_reason": row.hours_reason,
    }
    form = StayForm(posted(request), starts_at=sitting.starts_at, running=sitting.is_running, initial=initial)
    return form_page(
        request,
        form,
        lambda data: actions.correct(row, by=request.user, **form.values()),
        template="sessions/attendance/stay_edit.html",
        context={"sitting": sitting, "stay": row},
        success_message=_("Heures corrigées."),
        to=reverse("sittings:person-attendance", args=[sitting.pk, row.invitee_id]),
    )


@require_POST
def stay_void(request: UserRequest, pk: int, stay: int) -> HttpResponse:
    sitting, row = stay_of_sitting(request, pk, stay)
    actions.void_stay(row, by=request.user)
    messages.success(request, _("Présence annulée."))
    return redirect("sittings:person-attendance", sitting.pk, row.invitee_id)


@require_POST
def sheet(request: UserRequest, pk: int, kind: str) -> HttpResponse:
    """Request the sign-in sheet, or the badges, and redirect to the progress of the job."""
    job = actions.request_sheet(pages.desk_sitting(request, pk), kind, by=request.user)
    return redirect("documents:rendition-progress", job.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def certificates_send(request: UserRequest, pk: int) -> HttpResponse:
    """Show the number of certificates to send, then send them."""
    sitting = pages.desk_sitting(request, pk, rules.can_send_certificates)
    people = list(certifiable_invitees(sitting))
    if request.method == "POST":
        distribution = actions.send_certificates(sitting, by=request.user)
        messages.success(request, _("Les attestations partent."))
        return redirect("notifications:distribution-page", distribution.pk)
    context = {
        "sitting": sitting,
        "count": len(people),
        "letters": sum(invitee.person.is_paper for invitee in people),
        "back": reverse("sittings:attendance", args=[sitting.pk]),
    }
    return render(request, "sessions/attendance/certificates.html", context)


@require_safe
def member_certificate(request: UserRequest, pk: int) -> HttpResponse:
    """Return the reader's own certificate, once the sitting is closed."""
    sitting = member_or_404(request, pk)
    invitee = certifiable_invitees(sitting).filter(person=request.user.person_id).first()
    if invitee is None:
        raise Http404
    return certificate_response(invitee)


@require_safe
def certificate(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    """Return the certificate of one person, for the team."""
    sitting = pages.desk_sitting(request, pk)
    row = certifiable_invitees(sitting).filter(pk=invitee).first()
    if row is None:
        raise Http404
    if not rules.can_send_certificates(request.user, sitting):
        raise PermissionDenied
    return certificate_response(row)


@require_safe
def my_mandate_certificate(request: UserRequest) -> HttpResponse:
    """Return the reader's own certificate for a whole mandate: every sitting attended up to now."""
    term = working_term(request, is_member)
    member = member_of(request.user)
    mandate = mandate_in_term(member, term) if member else None
    if mandate is None:
        raise Http404
    return mandate_response(mandate)


@require_safe
def mandate_certificate(request: UserRequest, pk: int) -> HttpResponse:
    """Return the certificate of one mandate, for the team, also once it has ended."""
    rows = Mandate.objects.visible_to(request.user).select_related("member__person", "term__assembly")
    mandate = get_object_or_404(rows, pk=pk)
    if not is_team(request.user, mandate.term_id):
        raise PermissionDenied
    return mandate_response(mandate)


def mandate_response(mandate: Mandate) -> HttpResponse:
    rows = attended_sittings(mandate)
    if not rows:
        raise Http404
    return pdf_response(mandate_certificate_pdf(mandate, rows), "attestation-du-mandat.pdf")


def certificate_response(invitee: Invitee) -> HttpResponse:
    return pdf_response(certificate_pdf(invitee), f"attestation-{invitee.sitting.reference}.pdf")


MAIN_STEPS = ("ecrire", "observations", "terminer")


def case_for(request: UserRequest, pk: int) -> AbsenceCase:
    """Return the case for the team of its term; for others it is a 404."""
    rows = AbsenceCase.objects.visible_to(request.user)
    rows = rows.select_related(
        "mandate__member__person", "mandate__member__canton", "mandate__term__assembly", "since", "latest"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
def absence_case(request: UserRequest, pk: int) -> HttpResponse:
    """Show the facts of a case, the next step, and the decisions."""
    case = case_for(request, pk)
    main = STEPS.first_ready(request.user, case, MAIN_STEPS)
    context = {
        "case": case,
        "person": case.mandate.member.person,
        "sentence": missed_sentence(case),
        "missed": missed_plenaries(case),
        "main": (STEPS.url(case, main), STEPS.pages[main].label) if main else None,
        "others": STEPS.links(request, case, without={main}),
    }
    return render(request, "sessions/attendance/absence_case.html", context)


def addressee(case: AbsenceCase) -> list[Person]:
    return [case.mandate.member.person]


def absence_channel_lines(case: AbsenceCase) -> list[str]:
    if case.mandate.member.person.is_paper:
        return [_("Le message part par lettre, à imprimer dans « Envois ».")]
    return [_("Le message part par courriel, à cette personne seule.")]


STEPS: StepPages[AbsenceCase] = StepPages(
    ABSENCE,
    name="sittings:absence-step",
    fetch=case_for,
    back=lambda request, case: reverse("sittings:absence-case", args=[case.pk]),
    eyebrow=lambda case: f"{case.mandate.member.person.full_name}, {case.mandate.member.canton.name}",
)
STEPS.bind(
    "consequences",
    {
        "warn": absence_channel_lines,
        "begin": lambda case: [
            _("La personne est prévenue et peut répondre. Le mandat continue."),
            *absence_channel_lines(case),
        ],
    },
)
STEPS.bind("recipients", {"warn": addressee, "begin": addressee})
STEPS.bind("offered", {"begin": lambda user, case: not ABSENCE.missing(case, "begin")})
