"""Back-office pages: planning, notices and answers, the sitting day on one screen."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.audit.actions import record
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.institution.models import Committee, Term
from assembly.institution.pages import working_term
from assembly.institution.rules import is_lead
from assembly.lists import Column, Table
from assembly.lists.selection import BulkAct, Selection
from assembly.text.french import of_name
from assembly.web.forms import posted, whole_number
from assembly.web.idempotency import repeatable
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.pagination import LONG_PAGE, keyset_page
from assembly.web.versioned import differences
from sessions import pages
from sessions.agenda import actions as agenda_actions
from sessions.agenda.queries import AgendaProgress, agenda_of, agenda_progress
from sessions.attendance.queries.presence import live_board, member_stays
from sessions.decisions import actions as ballot_actions
from sessions.decisions.forms import UnpreparedBallotForm
from sessions.decisions.queries import ballots_of, counted_ballot
from sessions.minutes.queries.minutes import items_with_notes
from sessions.models import AgendaItem, Ballot, Invitee, Sitting, SittingState, SittingTemplate
from sessions.pages import FindForm, check_open, invitee_of_sitting, item_of_sitting
from sessions.sittings import forms, rules
from sessions.sittings.actions import convening, planning
from sessions.sittings.actions.convening import send_trial
from sessions.sittings.queries.convening import expected_answers, filter_answers, logistics, notices_of
from sessions.sittings.queries.sittings import last_of_body
from sessions.sittings.rules import preview_fingerprint


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_start(request: UserRequest) -> HttpResponse:
    """Ask who meets, and from what to start a new sitting."""
    term = working_term(request, rules.can_start)
    return form_page(
        request,
        forms.StartForm(posted(request), term=term, initial={"body": forms.PLENARY, "start": "last"}),
        lambda data: data,
        template="sessions/sittings/start.html",
        to=lambda data: reverse("sittings:create", args=[data["body"], data["start"]]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_create(request: UserRequest, body: str, start: str) -> HttpResponse:
    term = working_term(request, rules.can_see_term)
    committee = committee_of(term, body)
    if not rules.can_create(request.user, term, committee):
        raise PermissionDenied
    initial, lines, origin = beginning(term, committee, start)
    form = forms.SittingForm(posted(request), term=term, initial=initial | {"officer": request.user.pk})
    kind = rules.kind_of_body(committee)
    return form_page(
        request,
        form,
        lambda data: planning.create(
            term, kind=kind, committee=committee, by=request.user, lines=lines, **form.values()
        ),
        template="sessions/sittings/create.html",
        context={"committee": committee, "origin": origin},
        success_message=lambda sitting: (
            _("Séance %(ref)s créée. Complétez son ordre du jour.") % {"ref": sitting.reference}
        ),
        to=lambda sitting: f"{reverse('sittings:sitting', args=[sitting.pk])}#nouveau-point",
    )


def committee_of(term: Term, body: str) -> Committee | None:
    if body == forms.PLENARY:
        return None
    committee = Committee.objects.filter(term=term, closed_on=None, pk=whole_number(body)).first()
    if committee is None:
        raise Http404
    return committee


def beginning(term: Term, committee: Committee | None, start: str) -> tuple[dict[str, Any], list[Any], str]:
    """Return the initial values of the form, the lines of the agenda, and a sentence about their source."""
    title = committee.name if committee else _("Séance plénière")
    blank = {"title": title, "is_public": committee is None, "is_quorum_required": committee is None}
    if start == "last" and (last := last_of_body(term, committee)):
        initial = forms.initial_of(last)
        for name in ("day", "version", "message"):
            initial.pop(name, None)
        return initial, planning.agenda_lines(last), _("D’après la séance %(ref)s") % {"ref": last.reference}
    if template := SittingTemplate.objects.filter(term=term, pk=whole_number(start)).first():
        offers = {name: getattr(template, name) for name in ("offers_meal", "offers_childcare", "offers_transport")}
        return blank | offers, template.agenda, _("D’après le modèle « %(name)s »") % {"name": template.name}
    return blank, planning.first_lines(), ""


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_edit(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk, rules.can_edit)
    form = forms.SittingEditForm(posted(request), term=sitting.term, initial=forms.initial_of(sitting))
    return form_page(
        request,
        form,
        lambda data: planning.edit(sitting, version=data["version"], by=request.user, **form.values()),
        compare=lambda late: differences(
            forms.SittingEditForm(term=sitting.term, initial=forms.initial_of(late.current)), form
        ),
        template="sessions/sittings/edit.html",
        context={"sitting": sitting},
        success_message=_("Séance enregistrée."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_save_template(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    if not rules.can_create(request.user, sitting.term, sitting.committee):
        raise PermissionDenied
    return form_page(
        request,
        forms.TemplateForm(posted(request), initial={"name": sitting.title}),
        lambda data: planning.save_template(sitting, name=data["name"], by=request.user),
        template="sessions/sittings/template.html",
        context={"sitting": sitting},
        success_message=_("Modèle enregistré."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


@require_safe
def sitting_history(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    return render(request, "sessions/sittings/history.html", pages.context(request, sitting, "history"))


@repeatable("a second trial to oneself harms nobody; the relay is waited for without a connection")
@require_POST
def notice_trial(request: UserRequest, pk: int) -> HttpResponse:
    """Send the convocation as it would leave now to the reader alone."""
    sitting = pages.desk_sitting(request, pk)
    if send_trial(sitting, by=request.user):
        messages.success(request, _("Un essai est parti à %(email)s.") % {"email": request.user.email})
    else:
        messages.error(
            request, _("Le serveur de courriel n’a pas pris le message. Prévenez l’administration technique.")
        )
    step = "notify" if sitting.state == SittingState.PLANNED else "renotify"
    return redirect(f"sittings:{step}", sitting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_board(request: UserRequest, pk: int) -> HttpResponse:
    """Show who was invited and their answers, with the form to invite another person."""
    sitting = pages.desk_sitting(request, pk)
    if request.method == "POST" and not rules.can_invite(request.user, sitting):
        raise PermissionDenied
    return form_page(
        request,
        forms.SittingGuestForm(posted(request), sitting=sitting),
        lambda data: convening.add_guest(sitting, by=request.user, **data),
        template="sessions/sittings/notice.html",
        context=lambda: notice_context(request, sitting),
        success_message=_("Personne ajoutée."),
        to=reverse("sittings:notice", args=[sitting.pk]),
    )


def notice_context(request: UserRequest, sitting: Sitting) -> dict[str, Any]:
    form = forms.BoardFilterForm(request.GET)
    rows = filter_answers(expected_answers(sitting), form.cleaned_data if form.is_valid() else {})
    notices = notices_of(sitting)
    return pages.context(
        request,
        sitting,
        "notice",
        last=notices[0] if notices else None,
        filters=form,
        page=keyset_page(rows.for_screen(), request, ordering=("person__sort_name",), size=LONG_PAGE),
        count=rows.count(),
        notices=notices,
        selection=SELECTION,
        export=f"{reverse('sittings:answers-export', args=[sitting.pk])}?{request.GET.urlencode()}",
    )


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


@require_http_methods(["GET", "HEAD", "POST"])
def answer_record(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    """Record an answer that somebody gave by telephone or on paper."""
    sitting = pages.desk_sitting(request, pk, rules.can_record_answers)
    row = invitee_of_sitting(sitting, invitee)
    initial = {name: getattr(row, name) for name in ("reply", *convening.LOGISTICS)}
    return form_page(
        request,
        forms.RecordAnswerForm(posted(request), sitting=sitting, initial=initial),
        lambda data: convening.record_reply(row, by=request.user, **data),
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
            action=lambda row, user, data: convening.record_reply(row, by=user, **data),
            success_message=lambda n: ngettext("%(n)s réponse notée.", "%(n)s réponses notées.", n) % {"n": n},
            form=forms.SameAnswerForm,
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
    convening.revoke_link(invitee_of_sitting(sitting, invitee), by=request.user)
    messages.success(request, _("Le lien personnel est fermé."))
    return redirect("sittings:answer-record", sitting.pk, invitee)


@require_POST
def guest_remove(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    convening.remove_guest(invitee_of_sitting(sitting, invitee), by=request.user)
    messages.success(request, _("Personne retirée."))
    return redirect("sittings:notice", sitting.pk)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
def answers_export(request: UserRequest, pk: int) -> HttpResponse:
    """Export exactly the board shown, needs included; the audit log records the download."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    form = forms.BoardFilterForm(request.GET)
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


PAGE = "sessions/sittings/day.html"


def live_context(request: UserRequest, sitting: Sitting) -> dict[str, Any]:
    """Build the parts that the page polls: the clock and the attendance; `seen` is their fingerprint."""
    lines = agenda_of(sitting, internal=True, with_papers=False, with_topics=False)
    point, board = agenda_progress(lines, timezone.now()), live_board(sitting)
    line = point.line
    seen = preview_fingerprint([line and line.item.pk, point.elapsed, board["there"], board["guests"], sitting.state])
    return {"point": point, "board": board, "seen": seen}


def blank_vote(request: UserRequest, item: AgendaItem) -> UnpreparedBallotForm:
    """Build the form of a vote on this item that is counted without being prepared."""
    ballot = Ballot(agenda_item=item, majority_rule=item.sitting.term.majority_rule)
    initial = UnpreparedBallotForm.initial_for(ballot, request.user.get_full_name()) | {"question": item.title}
    return UnpreparedBallotForm(posted(request), ballot=ballot, initial=initial)


def context(request: UserRequest, sitting: Sitting, vote: UnpreparedBallotForm | None = None) -> dict[str, Any]:
    live = live_context(request, sitting)
    point: AgendaProgress = live["point"]
    item = vote.ballot.agenda_item if vote else point.line.item if point.line else None
    noted, ballots = [], []
    if item is not None:
        item.sitting = sitting
        noted = [row for row in items_with_notes(sitting, request.user) if row.item.pk == item.pk]
        stays = member_stays(sitting)
        ballots = [counted_ballot(ballot, stays) for ballot in ballots_of(item)]
    form = vote or (blank_vote(request, item) if item is not None and sitting.is_running else None)
    shown = {
        "item": item,
        "noted": noted,
        "ballots": ballots,
        "vote": form.show_present_count() if form else None,
        "find": FindForm(auto_id="trouver_%s"),
        "open_refusal": pages.open_refusal(sitting),
        "here": reverse("sittings:day", args=[sitting.pk]),
        "may_decide": is_lead(request.user, sitting.term_id),
    }
    return pages.context(request, sitting, "day", **live | shown)


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: UserRequest, pk: int) -> HttpResponse:
    """Show the screen; its buttons open an item (`open`), reopen one, or end the running one (`end`)."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    if request.method != "POST":
        return render(request, PAGE, context(request, sitting))
    if "end" in request.POST:
        agenda_actions.close_item(item_of_sitting(sitting, whole_number(request.POST["end"])), by=request.user)
    else:
        agenda_actions.open_item(item_of_sitting(sitting, whole_number(request.POST.get("open", ""))), by=request.user)
    return redirect("sittings:day", sitting.pk)


@require_safe
def day_live(request: UserRequest, pk: int) -> HttpResponse:
    """Return the clock and the attendance, or 204 when the page already shows them (`seen`)."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    live = live_context(request, sitting)
    if request.GET.get("seen") == live["seen"]:
        return HttpResponse(status=204)
    line = live["point"].line
    moved = request.GET.get("point", "") != str(line.item.pk if line else "")
    can = pages.abilities(request.user, sitting)
    return render(request, f"{PAGE}#live", live | {"sitting": sitting, "is_swap": True, "moved": moved, "can": can})


@require_POST
def day_vote(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Count a vote on an item without a prepared one."""
    sitting = pages.desk_sitting(request, pk, rules.can_see_private)
    check_open(request.user, sitting)
    agenda_item = item_of_sitting(sitting, item)
    agenda_item.sitting = sitting
    form = blank_vote(request, agenda_item)
    return form_page(
        request,
        form,
        lambda data: ballot_actions.prepare_and_count_ballot(
            agenda_item,
            form.count(),
            question=data["question"],
            is_advisory=data["is_advisory"],
            by=request.user,
            **form.facts(),
        ),
        template=PAGE,
        context=lambda: context(request, sitting, form),
        success_message=_("Le vote est noté. Relisez-le, puis proclamez le résultat."),
        to=f"{reverse('sittings:day', args=[sitting.pk])}#votes",
    )
