"""Views of the answers recorded by the team, and of the sheet of what to arrange."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assembly.audit.actions import record
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.lists import Column, Table
from assembly.lists.selection import BulkAct, Selection
from assembly.text.french import of_name
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from sessions import pages
from sessions.actions import answers as actions
from sessions.forms.answers import BoardFilterForm, RecordAnswerForm, SameAnswerForm
from sessions.models import Invitee, Sitting
from sessions.queries.answers import expected_answers, filter_answers, logistics
from sessions.sittings import rules

EXPORTED = [
    Column(gettext_lazy("Nom"), "person.last_name"),
    Column(gettext_lazy("Prénom"), "person.first_name"),
    Column(gettext_lazy("Qualité"), lambda row: _("membre") if row.is_member else row.capacity or _("invité·e")),
    Column(gettext_lazy("Réponse"), "get_reply_display"),
    Column(gettext_lazy("Répondu le"), "replied_at"),
    Column(gettext_lazy("Par"), "get_replied_via_display"),
    Column(gettext_lazy("Motif"), "absence_reason"),
    Column(gettext_lazy("Repas"), "wants_meal"),
    Column(gettext_lazy("Régime"), "diet"),
    Column(gettext_lazy("Enfants"), "children"),
    Column(gettext_lazy("Âges"), "children_ages"),
    Column(gettext_lazy("Transport"), "transport"),
    Column(gettext_lazy("Besoins"), "needs"),
]


def invitee_of_sitting(sitting: Sitting, invitee: int) -> Invitee:
    rows = sitting.invitees.expected().select_related("person", "reply_recorded_by__person")
    return get_object_or_404(rows, pk=invitee)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_record(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    """Record an answer that somebody gave by telephone or on paper."""
    sitting = pages.desk_sitting(request, pk, rules.can_record_answers)
    row = invitee_of_sitting(sitting, invitee)
    initial = {name: getattr(row, name) for name in ("reply", *actions.LOGISTICS)}
    return form_page(
        request,
        RecordAnswerForm(posted(request), sitting=sitting, initial=initial),
        lambda data: actions.record_reply(row, by=request.user, **data),
        template="sessions/sittings/answer_record.html",
        context={"sitting": sitting, "invitee": row},
        success_message=_("Réponse notée."),
        to=reverse("sittings:notice", args=[sitting.pk]),
    )


SELECTION: Selection[Invitee] = Selection(
    "sittings:answers-chosen",
    lambda n: ngettext("%(n)s personne choisie", "%(n)s personnes choisies", n) % {"n": n},
    {
        "reponse": BulkAct(
            gettext_lazy("Noter la même réponse"),
            action=lambda row, user, data: actions.record_reply(row, by=user, **data),
            success_message=lambda n: ngettext("%(n)s réponse notée.", "%(n)s réponses notées.", n) % {"n": n},
            form=SameAnswerForm,
            consequences=[gettext_lazy("Les besoins déjà notés restent ; qui ne vient pas n’en a plus.")],
        )
    },
    name=lambda row: row.person.full_name,
)


@require_http_methods(["GET", "HEAD", "POST"])
def answers_chosen(request: UserRequest, pk: int) -> HttpResponse:
    """Record the same answer for several people at once."""
    sitting = pages.desk_sitting(request, pk, rules.can_record_answers)
    rows = sitting.invitees.expected().select_related("person")
    return SELECTION.answer(request, rows, back=reverse("sittings:notice", args=[sitting.pk]))


def link_question(request: UserRequest, pk: int, invitee: int) -> Question:
    sitting = pages.desk_sitting(request, pk)
    person = invitee_of_sitting(sitting, invitee).person
    if not rules.can_record_answers(request.user, sitting):
        raise PermissionDenied
    title = _("Fermer le lien personnel %(of_name)s ?") % {"of_name": of_name(person.full_name)}
    lines = [_("Le lien envoyé n’ouvre plus rien, et ne se rouvre pas. Une relance lui en porte un nouveau.")]
    back = reverse("sittings:answer-record", args=[pk, invitee])
    return Question(title, _("Fermer le lien"), back, lines, danger=True, about=sitting)


@confirm_first(link_question)
def link_revoke(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    actions.revoke_link(invitee_of_sitting(sitting, invitee), by=request.user)
    messages.success(request, _("Le lien personnel est fermé."))
    return redirect("sittings:answer-record", sitting.pk, invitee)


@require_POST
def guest_remove(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    actions.remove_guest(invitee_of_sitting(sitting, invitee), by=request.user)
    messages.success(request, _("Personne retirée."))
    return redirect("sittings:notice", sitting.pk)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
def answers_export(request: UserRequest, pk: int) -> HttpResponse:
    """Export exactly the board shown, needs included; the audit log records the download."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    form = BoardFilterForm(request.GET)
    rows = filter_answers(expected_answers(sitting), form.cleaned_data if form.is_valid() else {})
    with transaction.atomic():
        shown_rows = list(rows.for_screen())
        record("answers.exported", sitting, by=request.user, rows=len(shown_rows))
    return Table(_("Réponses %(ref)s") % {"ref": sitting.reference}, EXPORTED).described_file(
        request, shown_rows, form
    )


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
def logistics_sheet(request: UserRequest, pk: int) -> HttpResponse:
    """Show what to order and arrange, on one sheet. It needs a POST, because the audit log records who read it."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    with transaction.atomic():
        facts = logistics(sitting)
        record("logistics.read", sitting, by=request.user)
    return render(request, "sessions/sittings/logistics.html", {"sitting": sitting, "logistics": facts})
