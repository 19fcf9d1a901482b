"""The vote and what follows: parts, ranking, spokespersons; minority positions of members."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.text.french import format_date
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.versioned import differences
from assembly.web.widgets import object_widgets
from draws.draws.queries.draw import internal_draw
from opinions import pages
from opinions.adoption import queries, rules
from opinions.adoption.actions import handover, positions as actions, voting
from opinions.adoption.forms import DrawForm, PartForm, PositionForm, RankingForm, RecordPositionForm
from opinions.adoption.models import PositionState, RankingMode
from opinions.adoption.workflow import POSITION
from opinions.models import MinorityPosition, Opinion, PartVote, Ranking, Recommendation, SpokespersonDraw
from opinions.pages import desk_opinion, member_tabled_opinion, team_opinion
from opinions.versions.queries import recommendations_of
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
    return render(request, "opinions/adoption/vote.html", pages.context(request, opinion, "vote", **more))


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
        lambda data: voting.add_part(opinion, by=request.user, **data),
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
        voting.drop_part(part_vote, by=request.user)
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


P = PositionState


def member_position(request: UserRequest, pk: int) -> MinorityPosition:
    position = get_object_or_404(queries.readable_positions(request.user), pk=pk)
    if not (rules.is_author(request.user, position) or rules.is_other_member(request.user, position)):
        raise PermissionDenied
    return position


def deadline_sentence(opinion: Opinion) -> str:
    """Return until when positions may be written."""
    last = rules.last_day(opinion)
    if rules.is_open(opinion, timezone.localdate()):
        return _("Vous pouvez écrire une position minoritaire jusqu’au %(day)s.") % {"day": format_date(last)}
    if last is not None:
        return _("Les positions minoritaires étaient attendues jusqu’au %(day)s.") % {"day": format_date(last)}
    return _("Les positions minoritaires s’écrivent après l’adoption de l’avis.")


def base_context(request: UserRequest, opinion: Opinion) -> dict[str, Any]:
    can_write = rules.can_write(request.user, opinion, timezone.localdate())
    return {"opinion": opinion, "deadline_sentence": deadline_sentence(opinion), "can_write": can_write}


def lines(positions: list[MinorityPosition]) -> list[dict[str, Any]]:
    return [{"position": position, "signers": queries.signers(position)} for position in positions]


@require_safe
def member_list(request: UserRequest, pk: int) -> HttpResponse:
    """Show the reader's drafts, then what is annexed to the opinion."""
    opinion = member_tabled_opinion(request, pk)
    drafts = MinorityPosition.objects.filter(opinion=opinion, author=request.user, state=P.DRAFT)
    context = base_context(request, opinion) | {"lines": lines(queries.submitted(opinion)), "drafts": list(drafts)}
    return render(request, "opinions/adoption/member_positions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: UserRequest, pk: int) -> HttpResponse:
    opinion = member_tabled_opinion(request, pk)
    if not rules.can_write(request.user, opinion, timezone.localdate()):
        raise PermissionDenied
    return write_page(request, opinion, None)


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request: UserRequest, pk: int) -> HttpResponse:
    position = member_position(request, pk)
    POSITION.check(request.user, position, "edit")
    return write_page(request, position.opinion, position)


def write_page(request: UserRequest, opinion: Opinion, position: MinorityPosition | None) -> HttpResponse:
    form = position_form(position, posted(request))
    return form_page(
        request,
        form,
        lambda data: actions.save(
            opinion, position=position, version=data["version"] or 0, by=request.user, **form.values()
        ),
        compare=lambda late: differences(position_form(late.current), form),
        template="opinions/adoption/member_position_write.html",
        context=lambda: base_context(request, opinion) | {"position": position},
        to=lambda saved_position: reverse(
            "opinions:position-check" if saved_position.state == P.DRAFT else "opinions:my-position",
            args=[saved_position.pk],
        ),
    )


def position_form(position: MinorityPosition | None, data: Any = None) -> PositionForm:
    names = ("title", "body", "version")
    return PositionForm(data, initial={name: getattr(position, name) for name in names} if position else None)


@require_safe
def member_show(request: UserRequest, pk: int) -> HttpResponse:
    position = member_position(request, pk)
    context = base_context(request, position.opinion) | {
        "position": position,
        "signers": queries.signers(position),
        "has_signed": any(row.user_id == request.user.pk for row in position.cosigners.all()),
        "can": POSITION.abilities(request.user, position),
    }
    return render(request, "opinions/adoption/member_position.html", context)


def back_to(request: UserRequest, position: MinorityPosition) -> str:
    """Return the position once it is submitted, or else the list."""
    if position.state == P.SUBMITTED:
        return reverse("opinions:my-position", args=[position.pk])
    return reverse("opinions:my-positions", args=[position.opinion_id])


STEPS = StepPages(
    POSITION,
    fetch=member_position,
    back=back_to,
    eyebrow=lambda position: position.title,
    fix_url=lambda request, position, code: (
        "" if code == "closed" else reverse("opinions:position-edit", args=[position.pk])
    ),
)
STEPS.bind(
    "consequences",
    {
        "submit": lambda position: [
            _("Elle sera imprimée avec l’avis, sous votre nom."),
            deadline_sentence(position.opinion),
        ]
    },
)


@require_safe
def desk_list(request: UserRequest, pk: int) -> HttpResponse:
    """Show what is annexed, for the back office."""
    opinion = desk_opinion(request, pk)
    can_record = rules.can_record(request.user, opinion, timezone.localdate())
    context = base_context(request, opinion) | {"lines": lines(queries.submitted(opinion)), "can_record": can_record}
    return render(request, "opinions/adoption/position_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: UserRequest, pk: int) -> HttpResponse:
    """Key in what a member gave on paper or by telephone."""
    opinion = team_opinion(request, pk)
    form = RecordPositionForm(posted(request), members=queries.possible_authors(opinion.term_id))
    return form_page(
        request,
        form,
        lambda data: actions.record_for(opinion, data["author"], via=data["via"], by=request.user, **form.values()),
        template="opinions/adoption/position_record.html",
        context=lambda: base_context(request, opinion),
        success_message=_("La position minoritaire est enregistrée."),
        to=reverse("opinions:positions", args=[pk]),
    )
