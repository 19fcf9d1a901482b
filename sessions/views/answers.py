"""Answers noted by the team, guests, and the sheet of what must be arranged."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.audit.actions import record
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.ui.csv import csv_response
from assembly.ui.forms import posted
from assembly.ui.idempotency import repeatable
from sessions.actions import answers as actions
from sessions.enums import Via
from sessions.forms.answers import BoardFilterForm, RecordAnswerForm, SittingGuestForm
from sessions.models import Invitee, Sitting
from sessions.queries.answers import expected_answers, logistics, narrowed
from sessions.rules import sittings as rules
from sessions.views import dossier


def own_invitee(sitting: Sitting, invitee: int) -> Invitee:
    found = get_object_or_404(
        Invitee.objects.expected().select_related("person", "reply_recorded_by__person"), pk=invitee, sitting=sitting
    )
    found.sitting = sitting
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def answer_record(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    """Note what somebody said by telephone or on paper."""
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_record_answers(request.user, sitting):
        raise PermissionDenied
    found = own_invitee(sitting, invitee)
    initial = {name: getattr(found, name) for name in ("reply", *actions.LOGISTICS)} | {"via": Via.PHONE}
    form = RecordAnswerForm(posted(request), sitting=sitting, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.record_reply(found, reply=data["reply"], via=data["via"], by=request.user, **form.logistics())
        messages.success(request, _("Réponse notée."))
        return redirect("sittings:notice", sitting.pk)
    context = {"form": form, "sitting": sitting, "invitee": found}
    return render(request, "sessions/answer_record.html", context, status=422 if form.errors else 200)


@require_POST
def link_revoke(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    actions.revoke_link(own_invitee(sitting, invitee), by=request.user)
    messages.success(request, _("Le lien personnel est fermé."))
    return redirect("sittings:answer-record", sitting.pk, invitee)


@require_POST
def guest_add(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_invite(request.user, sitting):
        raise PermissionDenied
    form = SittingGuestForm(request.POST, sitting=sitting)
    if not form.is_valid():
        messages.error(request, _("Choisissez une personne dans la liste."))
    else:
        data = form.cleaned_data
        actions.add_guest(sitting, person=data["person"], capacity=data["capacity"], by=request.user)
        messages.success(request, _("Personne ajoutée."))
    return redirect("sittings:notice", sitting.pk)


@require_POST
def guest_remove(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    actions.remove_guest(own_invitee(sitting, invitee), by=request.user)
    messages.success(request, _("Personne retirée."))
    return redirect("sittings:notice", sitting.pk)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
def answers_export(request: UserRequest, pk: int) -> HttpResponse:
    """Exactly the board shown, needs included: the reading is in the journal."""
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_see_private(request.user, sitting):
        raise PermissionDenied
    form = BoardFilterForm(request.GET)
    rows = narrowed(expected_answers(sitting), form.cleaned_data if form.is_valid() else {})
    with transaction.atomic():
        lines = [answer_line(row) for row in rows.for_screen()]
        record("answers.exported", sitting, by=request.user, rows=len(lines))
    return csv_response(_("Réponses %(ref)s") % {"ref": sitting.reference}, answer_header(), lines)


def answer_header() -> list[str]:
    return [
        _("Nom"),
        _("Prénom"),
        _("Qualité"),
        _("Réponse"),
        _("Répondu le"),
        _("Par"),
        _("Repas"),
        _("Régime"),
        _("Enfants"),
        _("Âges"),
        _("Transport"),
        _("Besoins"),
    ]


def answer_line(row: Invitee) -> list[object]:
    return [
        row.person.last_name,
        row.person.first_name,
        _("membre") if row.is_member else row.capacity or _("invité·e"),
        row.get_reply_display(),
        row.replied_at,
        row.get_replied_via_display() if row.replied_via else "",
        row.wants_meal,
        row.diet,
        row.children,
        row.children_ages,
        row.transport,
        row.needs,
    ]


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
def logistics_sheet(request: UserRequest, pk: int) -> HttpResponse:
    """What to order and arrange, on one sheet. Asked for by a button, because its reading is written down."""
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_see_private(request.user, sitting):
        raise PermissionDenied
    with transaction.atomic():
        found = logistics(sitting)
        record("logistics.read", sitting, by=request.user)
    return render(request, "sessions/logistics.html", {"sitting": sitting, "logistics": found})
