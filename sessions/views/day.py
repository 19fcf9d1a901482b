"""The sitting day on one screen: the open item and its clock, who is present, notes, votes."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.rules import is_lead
from assembly.text.untrusted_input import whole_number
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from sessions import pages
from sessions.agenda import actions as agenda_actions
from sessions.agenda.queries import agenda_of
from sessions.attendance.queries.presence import live_board, member_stays
from sessions.decisions.actions import ballots as ballot_actions
from sessions.decisions.forms import UnpreparedBallotForm
from sessions.forms.attendance import FindForm
from sessions.models import AgendaItem, Ballot, Sitting
from sessions.queries.day import AgendaProgress, agenda_progress
from sessions.queries.minutes_item import ballots_of, counted_ballot
from sessions.queries.notes import items_with_notes
from sessions.rules.links import preview_fingerprint
from sessions.sittings import rules
from sessions.views.agenda import item_of_sitting
from sessions.views.decisions import check_open

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
        lambda data: ballot_actions.prepare_and_count(
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
