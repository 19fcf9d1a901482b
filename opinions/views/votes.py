"""The vote and what follows: parts, ranking, spokespersons, and the answers due since the handover."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.portal.registry import object_widgets
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.versioned import differences
from draws.queries.internal import internal_draw
from opinions.actions import adoption
from opinions.adoption.actions import handover
from opinions.enums import RankingMode
from opinions.forms.consolidation import DrawForm, PartForm, RankingForm
from opinions.models import Opinion, PartVote, Ranking, Recommendation, SpokespersonDraw
from opinions.queries.opinions import recommendations_of
from opinions.rules import opinions as rules
from opinions.views import dossier
from opinions.views.fetch import desk_opinion, team_opinion
from sessions.decisions.rules import can_record
from sessions.minutes.queries.minutes import minutes_of


@require_safe
def vote(request: UserRequest, pk: int) -> HttpResponse:
    """Show everything about the vote on one page."""
    opinion = desk_opinion(request, pk)
    parts = PartVote.objects.filter(opinion=opinion, dropped_at=None).select_related("ballot")
    counted = Ranking.objects.filter(opinion=opinion).first()
    more = {
        "parts": list(parts.for_screen()),
        "ranking": counted,
        "ranked": ranked(opinion, counted),
        "draw": SpokespersonDraw.objects.filter(opinion=opinion)
        .select_related("protocol")
        .prefetch_related("spokespersons__person")
        .first(),
        "owed": object_widgets("opinion-vote", request.user, opinion),
        "may_count": may_count(request, opinion),
    }
    return render(request, "opinions/adoption/vote.html", dossier.context(request, opinion, "vote", **more))


def may_count(request: UserRequest, opinion: Opinion) -> bool:
    """Return whether votes may be counted: while the sitting is held and its minutes are written."""
    item = opinion.agenda_item
    return item is not None and can_record(request.user, item.sitting, minutes_of(item.sitting))


def ranked(opinion: Opinion, counted: Ranking | None) -> list[Recommendation]:
    """Return the recommendations with the most important first: many dots, or a small sum of ranks."""
    rows = [row for row in recommendations_of(opinion) if row.priority_score is not None]
    by_dots = counted is not None and counted.mode == RankingMode.DOTS
    return sorted(rows, key=lambda row: row.priority_score or 0, reverse=by_dots)


@require_http_methods(["GET", "HEAD", "POST"])
def part_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add a vote on a part."""
    opinion = team_opinion(request, pk)
    if not rules.can_vote_parts(request.user, opinion):
        raise PermissionDenied
    return form_page(
        request,
        PartForm(posted(request), opinion=opinion),
        lambda data: adoption.add_part(opinion, by=request.user, **data),
        template="opinions/adoption/part_add.html",
        context={"opinion": opinion},
        success_message=_("Le vote est prévu."),
        to=reverse("opinions:vote", args=[opinion.pk]),
    )


@require_POST
def part_drop(request: UserRequest, pk: int, part: int) -> HttpResponse:
    opinion = team_opinion(request, pk)
    rows = PartVote.objects.filter(opinion=opinion, dropped_at=None).select_related("ballot__agenda_item__sitting")
    part_vote = get_object_or_404(rows, pk=part)
    part_vote.opinion = opinion
    try:
        adoption.drop_part(part_vote, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Ce vote n’aura pas lieu."))
    return redirect("opinions:vote", opinion.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def ranking(request: UserRequest, pk: int) -> HttpResponse:
    """Record what two persons counted."""
    opinion = team_opinion(request, pk)
    if not rules.can_rank(request.user, opinion):
        raise PermissionDenied
    rows, former = recommendations_of(opinion), Ranking.objects.filter(opinion=opinion).first()
    form = RankingForm(posted(request), opinion=opinion, rows=rows, ranking=former)
    return form_page(
        request,
        form,
        lambda data: handover.rank(opinion, form.scores(), by=request.user, **form.values()),
        compare=lambda late: differences(
            RankingForm(opinion=opinion, rows=recommendations_of(opinion), ranking=late.current), form
        ),
        template="opinions/adoption/ranking.html",
        context={"opinion": opinion},
        success_message=_("Le classement est noté."),
        to=reverse("opinions:vote", args=[opinion.pk]),
    )


@require_POST
def spokespersons_draw(request: UserRequest, pk: int) -> HttpResponse:
    """Begin the draw of the spokespersons, or go to the one that was begun."""
    opinion = team_opinion(request, pk)
    begun = internal_draw(opinion.term_id, handover.draw_purpose(opinion))
    if not rules.can_draw(request.user, opinion):
        raise PermissionDenied
    try:
        draw = begun or handover.begin_spokesperson_draw(opinion, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("opinions:vote", opinion.pk)
    return redirect("draws:draw", draw.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def spokespersons(request: UserRequest, pk: int) -> HttpResponse:
    """Record who was drawn and before whom, or go to the draw by the protocol."""
    opinion = team_opinion(request, pk)
    if not rules.can_draw(request.user, opinion):
        raise PermissionDenied
    form = DrawForm(posted(request), opinion=opinion)
    return form_page(
        request,
        form,
        lambda data: handover.draw(
            opinion,
            form.persons(),
            drawn_on=data["drawn_on"],
            witnesses=data["witnesses"],
            place=data["place"],
            by=request.user,
        ),
        template="opinions/adoption/spokespersons.html",
        context=lambda: {
            "opinion": opinion,
            "protocol": internal_draw(opinion.term_id, handover.draw_purpose(opinion)),
        },
        success_message=_("Les porte-parole sont notés."),
        to=reverse("opinions:vote", args=[opinion.pk]),
    )
