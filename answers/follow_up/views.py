"""Follow-ups in their areas: list and export of the back office, page of one, list of the directorates."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from answers.cases.rules import FOLLOW_UP_PAGES
from answers.enums import FollowUpState
from answers.follow_up.queries import FollowUpSummary, follow_up_summaries
from answers.follow_up.workflow import FOLLOW_UP
from answers.models import Answer, FollowUp
from answers.pages import desk_case_or_404
from answers.queries.committee import committee_notes
from answers.queries.follow_up_desk import follow_ups_for_directorate
from answers.rules.follow_up import late_days
from answers.views.desk_case import frame_of
from answers.views.follow_up_steps import DESK_FOLLOW_UP_STEPS
from assembly.dossiers.awaited import DossierKind, add_dossier_kind, awaited_for
from assembly.dossiers.frame import Status
from assembly.identity.http import UserRequest
from assembly.institution.rules import can_enter_directorate_area
from assembly.text.french import format_date
from assembly.web.pagination import keyset_page
from assembly.web.path import PathStep, path_of

S = FollowUpState


@require_safe
def desk_follow_up(request: UserRequest, pk: int) -> HttpResponse:
    """Show the follow-up tab of one case: its progress and its possible steps."""
    case = desk_case_or_404(request, pk)
    answer = Answer.objects.not_abandoned().filter(case=case).order_by("-number").first()
    context = frame_of(request, case, answer, "desk-follow-up")
    follow_up = follow_up_summaries([case]).get(case.pk)
    if follow_up:
        row = follow_up.follow_up
        row.case = case
        status = status_of(request, follow_up)
        links = DESK_FOLLOW_UP_STEPS.links(request, row, url=status.url)
        context["frame"] = replace(
            context["frame"], status=status, links=links, path=path(row), facts=facts_of(follow_up)
        )
        context["frame"] = replace(context["frame"], awaited=awaited_for(status, request.user, row))
        context["committee_notes"] = committee_notes(row)
    return render(request, "answers/follow_up/desk.html", context | {"summary": follow_up})


def status_of(request: UserRequest, summary: FollowUpSummary) -> Status:
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


def facts_of(summary: FollowUpSummary) -> list[tuple[str, Any]]:
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
    rows = follow_ups_for_directorate(user)
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
