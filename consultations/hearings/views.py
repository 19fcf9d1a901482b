"""Pages of hearings and site visits: the tab, one hearing, its steps, guests and report; the members' page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.calendar.ics import feed_of
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.versioned import attempt, autosave_response, is_autosave
from consultations.hearings import actions, forms, queries, workflow
from consultations.hearings.workflow import HEARING
from consultations.models import BriefingDocument, Hearing, HearingGuest, HearingState
from consultations.pages import briefed_referral, desk_referral, dossier_context
from consultations.referrals.rules import can_see_desk
from sessions.minutes.forms import RichTextForm
from sessions.pages import ics

PAGE = "consultations/hearings/show.html"


def desk_hearing(request: UserRequest, pk: int) -> Hearing:
    """Return the hearing for the desk; seen in another area only is 403, not at all is 404."""
    hearing = get_object_or_404(queries.hearing_dossier(request.user), pk=pk)
    if not can_see_desk(request.user, hearing.referral.term_id):
        raise PermissionDenied
    return hearing


@require_safe
def hearings(request: UserRequest, pk: int) -> HttpResponse:
    """Show the tab: what is to come, what was held, what was called off."""
    referral = desk_referral(request, pk)
    rows = queries.hearings_of(referral)
    context = dossier_context(
        request,
        referral,
        "hearings",
        coming=[row for row in rows if row.state == HearingState.PLANNED],
        past=[row for row in reversed(rows) if row.state != HearingState.PLANNED],
        counts=queries.hearing_counts(referral),
    )
    return render(request, "consultations/hearings/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hearing_create(request: UserRequest, pk: int) -> HttpResponse:
    referral = briefed_referral(request, pk)
    return form_page(
        request,
        forms.PlanForm(posted(request), referral=referral),
        lambda data: actions.plan(referral, by=request.user, **data),
        template="consultations/briefing/form.html",
        context={
            "referral": referral,
            "title": _("Prévoir une audition ou une visite"),
            "label": _("Mettre au calendrier"),
            "place": _("Auditions"),
            "back": reverse("consultations:hearings", args=[pk]),
        },
        success_message=lambda hearing: _("« %(title)s » est au calendrier.") % {"title": hearing.title},
        to=lambda hearing: reverse("consultations:hearing", args=[hearing.pk]),
    )


@require_safe
def hearing(request: UserRequest, pk: int) -> HttpResponse:
    """Show one hearing."""
    row = desk_hearing(request, pk)
    form = forms.HearingGuestForm(referral=row.referral) if workflow.can_change_hearing(request.user, row) else None
    return render(request, PAGE, {"form": form, **page_context(request, row)})


def page_context(request: UserRequest, hearing: Hearing) -> dict[str, Any]:
    return {
        "hearing": hearing,
        "referral": hearing.referral,
        "guests": queries.guests_of(hearing),
        "papers": queries.papers_of(hearing),
        "may_change": workflow.can_change_hearing(request.user, hearing),
        "may_write": workflow.can_write_report(request.user, hearing),
        "steps": STEPS.links(request, hearing),
    }


def changeable_hearing(request: UserRequest, pk: int) -> Hearing:
    hearing = desk_hearing(request, pk)
    if not workflow.can_change_hearing(request.user, hearing):
        raise PermissionDenied
    return hearing


@require_http_methods(["GET", "HEAD", "POST"])
def hearing_edit(request: UserRequest, pk: int) -> HttpResponse:
    hearing = changeable_hearing(request, pk)
    initial = {name: getattr(hearing, name) for name in actions.FACTS}
    page = page_of(request, hearing)
    return form_page(
        request,
        forms.HearingForm(posted(request), referral=hearing.referral, initial=initial),
        lambda data: actions.change(hearing, by=request.user, **data),
        template="consultations/briefing/form.html",
        context={
            "referral": hearing.referral,
            "title": hearing.title,
            "label": _("Enregistrer"),
            "place": hearing.title,
            "back": page,
        },
        success_message=_("L’audition est enregistrée ; les calendriers suivent."),
        to=page,
    )


def page_of(request: UserRequest, hearing: Hearing) -> str:
    return reverse("consultations:hearing", args=[hearing.pk])


def guest_lines(hearing: Hearing) -> list[str]:
    """Count the guests in a sentence: they get no mail, the team informs those who were to be heard."""
    count = hearing.guests.count()
    template = ngettext(
        "%(n)s personne devait être entendue\u00a0: prévenez-la vous-même.",
        "%(n)s personnes devaient être entendues\u00a0: prévenez-les vous-même.",
        count,
    )
    return [template % {"n": count}] if count else [_("Personne n’était encore nommé.")]


STEPS = StepPages(
    HEARING,
    name="consultations:hearing-step",
    fetch=desk_hearing,
    back=page_of,
    eyebrow=lambda hearing: hearing.title,
)
STEPS.bind("consequences", {"cancel": guest_lines})


@require_POST
def guest_add(request: UserRequest, pk: int) -> HttpResponse:
    hearing = changeable_hearing(request, pk)
    return form_page(
        request,
        forms.HearingGuestForm(request.POST, referral=hearing.referral),
        lambda data: actions.add_guest(hearing, by=request.user, **data),
        template=PAGE,
        context=lambda: page_context(request, hearing),
        success_message=lambda guest: _("%(name)s est sur la liste.") % {"name": guest.name},
        to=f"{page_of(request, hearing)}#personnes",
    )


@require_POST
def guest_remove(request: UserRequest, pk: int, guest_pk: int) -> HttpResponse:
    hearing = desk_hearing(request, pk)
    guest = get_object_or_404(HearingGuest, pk=guest_pk, hearing=hearing)
    guest.hearing = hearing
    actions.remove_guest(guest, by=request.user)
    messages.success(request, _("%(name)s n’est plus sur la liste.") % {"name": guest.name})
    return redirect(f"{page_of(request, hearing)}#personnes")


REPORT = gettext_lazy("Compte rendu")


@require_http_methods(["GET", "HEAD", "POST"])
def hearing_report(request: UserRequest, pk: int) -> HttpResponse:
    """Show the report; a POST saves it, while it is typed (JSON answer) or from the plain form."""
    hearing = desk_hearing(request, pk)
    if not workflow.can_write_report(request.user, hearing):
        raise PermissionDenied
    form = RichTextForm.of(hearing.report, hearing.report_version, label=REPORT, data=posted(request))
    tried = attempt(
        form,
        lambda version: actions.write_report(hearing, form.html, version=version, by=request.user),
        compare=lambda conflict: form.compare_with(conflict.current.report, conflict.typed["report"]),
        field="text",
    )
    if is_autosave(request):
        return autosave_response(form, tried, hearing.report_version, hearing.report_saved_at)
    if tried.is_saved:
        messages.success(request, _("Le compte rendu est enregistré."))
        return redirect("consultations:hearing", hearing.pk)
    context = {"hearing": hearing, "referral": hearing.referral, "form": form}
    return render(request, "consultations/hearings/report.html", context, status=tried.status)


def hearing_or_404(request: UserRequest, pk: int) -> Hearing:
    return get_object_or_404(queries.hearing_dossier(request.user), pk=pk)


@require_safe
def member_hearing(request: UserRequest, pk: int) -> HttpResponse:
    """Show where and when, who is heard, then what was said."""
    hearing = hearing_or_404(request, pk)
    papers = queries.papers_of(hearing)
    readable = BriefingDocument.objects.readable_by(request.user).filter(hearing=hearing).values_list("pk", flat=True)
    seen = set(readable)
    context = {
        "hearing": hearing,
        "referral": hearing.referral,
        "guests": queries.guests_of(hearing),
        "papers": [paper for paper in papers if paper.pk in seen],
    }
    return render(request, "consultations/hearings/member.html", context)


@require_safe
def member_hearing_event(request: UserRequest, pk: int) -> HttpResponse:
    """Send the hearing as a calendar file."""
    hearing = hearing_or_404(request, pk)
    return ics(feed_of(hearing.referral.term.assembly.name, [queries.event_of(hearing)]))
