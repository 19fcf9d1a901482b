"""Pages of follow-ups in each area, their steps, and the commitments that anybody reads."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from answers.cases.rules import FOLLOW_UP_PAGES
from answers.follow_up import actions, queries
from answers.follow_up.lists import commitment_filters
from answers.follow_up.models import FollowUpQuerySet
from answers.follow_up.rules import can_see_follow_ups, follow_up_seats, late_days
from answers.follow_up.workflow import FOLLOW_UP
from answers.models import Answer, FollowUp, FollowUpState, ProgressUpdate
from answers.pages import (
    desk_case_or_404,
    directorate_follow_up_or_404,
    follow_up_name,
    frame_of,
    update_done,
)
from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import StepPages
from assembly.dossiers.frame import DossierKind, Status, add_dossier_kind, awaited_for
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.pages import working_term
from assembly.institution.rules import can_enter_directorate_area
from assembly.lists import Column, Table
from assembly.lists.filters import FilterForm
from assembly.speed.page_cache import public_page
from assembly.text.french import format_date, french_enumeration
from assembly.web.pagination import keyset_page
from assembly.web.path import PathStep, path_of


def desk_follow_up_or_404(request: UserRequest, pk: int) -> FollowUp:
    """Return a follow-up of the reader’s terms; raise 404 if unseen, 403 if seen in another area only."""
    row = directorate_follow_up_or_404(request, pk)
    if not can_see_follow_ups(request.user, row.case.opinion.term_id):
        raise PermissionDenied
    return row


def desk_page(request: UserRequest, row: FollowUp) -> str:
    return reverse("answers:desk-follow-up", args=[row.case_id])


@FOLLOW_UP.action("update")
def run_update(row: FollowUp, *, by: User, **data: Any) -> ProgressUpdate:
    uploads = {name: keep_file(data[name], by=by) if data[name] else None for name in ("document", "photo")}
    return actions.publish_update(row, data["form"].progress(uploads), seen=data["seen"], by=by)


@FOLLOW_UP.action("schedule")
def run_schedule(row: FollowUp, *, by: User, **data: Any) -> int:
    form = data["form"]
    return actions.change_milestones(row, form.corrections(), reason=data["reason"], added=form.added(), by=by)


def recipient_lines(row: FollowUp) -> list[str]:
    names = [user.get_full_name() for user in queries.update_writers_of(row)]
    return [_("Un message est envoyé à %(who)s.") % {"who": french_enumeration(names)}] if names else []


def proof_of(row: FollowUp) -> dict[str, Any]:
    """Return the last update that proves that all is done."""
    proving = ProgressUpdate.objects.proving().filter(follow_up=row).select_related("document", "photo", "directorate")
    return {"update": proving.order_by("-number").first()}


DESK_FOLLOW_UP_STEPS = StepPages(
    FOLLOW_UP,
    name="answers:follow-up-step",
    fetch=desk_follow_up_or_404,
    back=desk_page,
    eyebrow=follow_up_name,
)
DESK_FOLLOW_UP_STEPS.bind("success_message", {"update": update_done})
DESK_FOLLOW_UP_STEPS.bind("context", {"complete": proof_of, "dispute": proof_of})
DESK_FOLLOW_UP_STEPS.bind(
    "offered",
    {
        "complete": lambda user, row: row.reported_at is not None,
        "withdraw": lambda user, row: ProgressUpdate.objects.not_withdrawn().filter(follow_up=row).exists(),
    },
)
DESK_FOLLOW_UP_STEPS.bind("consequences", {"dispute": recipient_lines, "ask": recipient_lines})

S = FollowUpState


@require_safe
def desk_follow_up(request: UserRequest, pk: int) -> HttpResponse:
    """Show the follow-up tab of one case: its progress and its possible steps."""
    case = desk_case_or_404(request, pk)
    answer = Answer.objects.not_abandoned().filter(case=case).order_by("-number").first()
    context = frame_of(request, case, answer, "desk-follow-up")
    follow_up = queries.follow_up_summaries([case]).get(case.pk)
    if follow_up:
        row = follow_up.follow_up
        row.case = case
        status = status_of(request, follow_up)
        links = DESK_FOLLOW_UP_STEPS.links(request, row, url=status.url)
        context["frame"] = replace(
            context["frame"], status=status, links=links, path=path(row), facts=facts_of(follow_up)
        )
        context["frame"] = replace(context["frame"], awaited=awaited_for(status, request.user, row))
        context["committee_notes"] = queries.committee_notes(row)
    return render(request, "answers/follow_up/desk.html", context | {"summary": follow_up})


def status_of(request: UserRequest, summary: queries.FollowUpSummary) -> Status:
    """Return the state in one sentence, with one button if the user may take the step."""
    row, steps = summary.follow_up, DESK_FOLLOW_UP_STEPS
    if row.directorate_id is None and row.is_open:
        slug, sentence = "confier", _("Aucune direction ne suit cette réponse.")
    elif row.reported_at:
        slug, sentence = "clore", _("La direction dit que c’est réalisé : il reste à vérifier la preuve et à clore.")
    else:
        slug = "demander" if summary.is_late else "point"
        sentence = _("Suite donnée : %(state)s.") % {"state": row.get_state_display()}
    if steps.first_ready(request.user, row, [slug]):
        return Status(sentence, summary.due_sentence, str(steps.pages[slug].label), steps.url(row, slug))
    return Status(sentence, summary.due_sentence)


def path(row: FollowUp) -> list[PathStep]:
    """Return the path from the published answer to the end of the measure."""
    now = _("Retardée") if row.state == S.DELAYED else _("En cours")
    end = _("Abandonnée") if row.state == S.ABANDONED else _("Réalisée")
    rows = [
        (_("Réponse publiée"), format_date(row.opened_on, weekday=False)),
        (_("À commencer"), ""),
        (now, ""),
        (end, format_date(row.ended_on, weekday=False)),
    ]
    return path_of(rows, 1 if row.state == S.PLANNED else 2 if row.is_open else len(rows))


def facts_of(summary: queries.FollowUpSummary) -> list[tuple[str, Any]]:
    row = summary.follow_up
    rows = [
        (_("Direction chargée"), row.directorate.name if row.directorate else _("à désigner")),
        (_("Service chargé"), row.service),
        (_("Ligne de budget"), row.budget_line),
        (_("Suivie depuis le"), format_date(row.opened_on)),
        (_("Prochain point"), format_date(row.update_due_on)),
        (_("Point demandé le"), format_date(row.asked_at)),
        (_("Dite réalisée le"), format_date(row.reported_at)),
        (_("Close le"), format_date(row.ended_on)),
        (_("Motif"), capfirst(row.reason)),
    ]
    return [(label, value) for label, value in rows if value]


@require_safe
def directorate_follow_ups(request: UserRequest) -> HttpResponse:
    """List what the reader’s directorate follows up, the most urgent first; the elected read all of it."""
    user = request.user
    if not can_enter_directorate_area(user):
        raise PermissionDenied
    rows = queries.follow_ups_for_directorate(user)
    page = keyset_page(rows.for_screen(), request, ordering=("update_due_on",))
    today = timezone.localdate()
    context = {"page": page, "rows": [(row, late_days(row, today)) for row in page], "count": rows.count()}
    return render(request, "answers/follow_up/directorate_list.html", context)


add_dossier_kind(
    DossierKind(
        FollowUp,
        FOLLOW_UP,
        rows=lambda user: FollowUp.objects.visible_to(user).with_dossier(),
        page=FOLLOW_UP_PAGES.page_for,
        title=lambda row: f"{row.case.reference} {row.case.title}",
        scope=lambda row: (row.case.opinion.term.assembly_id, row.case.opinion.term_id),
    )
)


def committee_follow_up_or_404(request: UserRequest, pk: int) -> FollowUp:
    """Return a follow-up that the reader’s committee follows, or raise 404."""
    return get_object_or_404(queries.follow_ups_for_committee(request.user), pk=pk)


def page_of(request: UserRequest, row: FollowUp) -> str:
    return reverse("answers:committee-follow-up", args=[row.pk])


COMMITTEE_STEPS = StepPages(
    FOLLOW_UP,
    "committee",
    name="answers:committee-step",
    fetch=committee_follow_up_or_404,
    back=page_of,
    eyebrow=lambda row: f"{row.case.reference}, {row.case.title}",
)


@require_safe
def committee_follow_ups(request: UserRequest) -> HttpResponse:
    """List what the committee follows, the longest missing update first."""
    if not follow_up_seats(request.user).exists():
        raise PermissionDenied
    rows, today = queries.follow_ups_for_committee(request.user), timezone.localdate()
    page = keyset_page(rows.for_screen(), request, ordering=("update_due_on",))
    context = {"page": page, "rows": [(row, late_days(row, today)) for row in page], "count": rows.count()}
    return render(request, "answers/follow_up/committee_list.html", context)


@require_safe
def committee_follow_up(request: UserRequest, pk: int) -> HttpResponse:
    row = committee_follow_up_or_404(request, pk)
    context: dict[str, Any] = {
        "row": row,
        "summary": queries.follow_up_summaries([row.case_id])[row.case_id],
        "committee_notes": queries.committee_notes(row),
        "links": COMMITTEE_STEPS.links(request, row),
    }
    return render(request, "answers/follow_up/committee.html", context)


LATEST_FIRST = ("-case__answered_on", "pk")
FILE = Table(
    gettext_lazy("Engagements"),
    [
        Column(gettext_lazy("Référence"), "follow_up.case.reference"),
        Column(gettext_lazy("Préconisation"), "follow_up.case.title"),
        Column(gettext_lazy("Avis"), "follow_up.case.opinion.reference"),
        Column(gettext_lazy("Thème"), "theme"),
        Column(gettext_lazy("Réponse"), "answer.get_value_display"),
        Column(gettext_lazy("Engagement"), "text"),
        Column(gettext_lazy("Pris le"), "answer.published_on"),
        Column(gettext_lazy("Direction"), "directorate_name"),
        Column(gettext_lazy("Service"), "follow_up.service"),
        Column(gettext_lazy("Pour le"), lambda one: one.by_when[0] if one.by_when else None),
        Column(gettext_lazy("Étape"), lambda one: one.by_when[1] if one.by_when else ""),
        Column(gettext_lazy("État"), "state_label"),
        Column(gettext_lazy("Dernier point"), "last_update_on"),
        Column(gettext_lazy("Ce que dit le dernier point"), "last_text"),
        Column(gettext_lazy("Ce qui le montre"), lambda one: " ".join(one.proofs)),
        Column(gettext_lazy("Clos le"), "follow_up.ended_on"),
        Column(gettext_lazy("Motif"), "follow_up.reason"),
    ],
)


type Narrowed = tuple[FilterForm, FollowUpQuerySet, dict[str, int]]


def filter_page(request: HttpRequest, rows: FollowUpQuerySet) -> Narrowed:
    """Return the filters of the query string, the rows that match, and the number per state without filters."""
    choices = queries.list_choices(rows)
    form = commitment_filters(request.GET, choices)
    return form, rows.filter(form.condition()).with_dossier(), choices.states


def page_of_commitments(request: HttpRequest, rows: FollowUpQuerySet, export: str) -> dict[str, Any]:
    form, matches, states = filter_page(request, rows)
    every = sum(states.values())
    page = keyset_page(matches.for_screen(), request, ordering=LATEST_FIRST)
    return {
        "form": form,
        "page": page,
        "count": len(page) if page.is_alone else matches.count() if form.is_used else every,
        "rows": queries.commitments_of(page),
        "states": [(state.value, state.label, states.get(state, 0)) for state in FollowUpState],
        "every": every,
        "export": f"{reverse(export)}?{request.GET.urlencode()}",
    }


def all_commitments(rows: FollowUpQuerySet) -> Iterable[queries.Commitment]:
    """Return the commitments of all rows that match, in the order of the page."""
    return queries.commitments_of(rows.order_by(*LATEST_FIRST).for_screen())


@login_not_required
@require_safe
@public_page
def public_commitments(request: HttpRequest) -> HttpResponse:
    context = page_of_commitments(request, queries.public_follow_ups(), "answers:public-commitments-file")
    return render(request, "answers/follow_up/public_commitments.html", context)


@login_not_required
@require_safe
@public_page
def public_commitments_file(request: HttpRequest) -> HttpResponse:
    _form, matches, _states = filter_page(request, queries.public_follow_ups())
    return FILE.data(all_commitments(matches))


@require_safe
def commitments(request: UserRequest) -> HttpResponse:
    """Show the commitments of the present term, worded as everybody reads them."""
    term = working_term(request, can_see_follow_ups)
    context = page_of_commitments(request, queries.follow_ups_of(term), "answers:commitments-export")
    return render(request, "answers/follow_up/commitments.html", context | {"term": term})


@require_safe
def commitments_export(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_follow_ups)
    form, matches, _states = filter_page(request, queries.follow_ups_of(term))
    return FILE.described_file(request, all_commitments(matches), form, term.name)
