"""Views of the frozen list in the back office (hashes, counts, contestations); private page of each volunteer."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.text.french import format_date
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from draws.candidates.rules import ENTRY, page_token
from draws.draws import rules
from draws.draws.actions import preparation as actions
from draws.draws.forms import ContestationAnswerForm, ContestForm
from draws.draws.queries.draw import FEATURE_LABELS, names_of, value_label
from draws.draws.queries.records import applications
from draws.draws.views.frame import desk_draw
from draws.enums import DrawState
from draws.models import Contestation, Draw, PoolEntry
from draws.queries.draw import instance_of, lots_of, open_contestations, outcome_of, portfolio_of
from draws.queries.renunciation import may_renounce, renounced_entries
from draws.views.draw_frame import draw_context
from draws.views.personal_page import dead_link, ended_link


@require_safe
def pool(request: UserRequest, pk: int) -> HttpResponse:
    """Show the frozen list; 404 before it is frozen."""
    draw = desk_draw(request, pk)
    if draw.pool is None:
        raise Http404
    rows = Contestation.objects.filter(entry__pool=draw.pool).select_related("entry__candidate", "answered_by__person")
    is_team = rules.can_prepare(request.user, draw.term_id)
    context = draw_context(
        request,
        draw,
        "pool",
        pool=draw.pool,
        applications=applications(draw.pool.counts, draw.pool.size),
        versions=list(draw.pools.all()),
        contestations=list(rows.order_by("answered_at", "pk")) if is_team else [],
        renounced=list(renounced_entries(draw)) if is_team else [],
        is_team=is_team,
        sees_names=rules.can_see_names(request.user, draw),
        waiting=open_contestations(draw).count(),
    )
    return render(request, "draws/draws/pool.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contestation_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Show what a volunteer contests, and the form for the answer of the team."""
    rows = Contestation.objects.select_related("entry__pool__draw__call__term", "entry__candidate")
    contestation = get_object_or_404(rows, pk=pk, entry__pool__draw__in=Draw.objects.visible_to(request.user))
    draw = contestation.entry.pool.draw
    if not rules.can_prepare(request.user, draw.term_id):
        raise PermissionDenied
    back = reverse("draws:pool", args=[draw.pk])
    return form_page(
        request,
        ContestationAnswerForm(posted(request)),
        lambda data: actions.answer_contestation(contestation, answer=data["answer"], by=request.user),
        field="answer",
        template="draws/draws/contestation.html",
        context={"contestation": contestation, "draw": draw, "back": back},
        success_message=_("La réponse est sur la page de cette personne."),
        to=back,
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the frozen list holds about one volunteer, and the chances in tickets: for whoever holds the link."""
    if (sent := ENTRY.read(token)) is None:
        return dead_link(request)
    rows = PoolEntry.objects.select_related("candidate__canton", "pool__quotas", "pool__draw__call__term__assembly")
    row = rows.filter(key=sent.name, candidate__isnull=False).first()  # Members have no such link: they sign in.
    if row is None or not row.applicant.has_confirmed_address or not sent.opens(row.applicant.email):
        return ended_link(request, token)
    draw = row.pool.draw
    ends_at = draw.contest_ends_at
    may_contest = (
        draw.pool_id == row.pool_id and not draw.announced_at and ends_at is not None and timezone.now() < ends_at
    )
    return form_page(
        request,
        ContestForm(posted(request)),
        lambda data: actions.contest(row, data["text"]),
        field="text",
        template="draws/draws/entry.html",
        context=lambda: entry_context(row, draw) | {"may_contest": may_contest, "ends_at": ends_at},
        success_message=_("Votre message est chez nous. La mission vous répond sur cette page."),
        to=request.path,
    )


def entry_context(entry: PoolEntry, draw: Draw) -> dict[str, Any]:
    instance = instance_of(entry.pool)
    volunteer = instance.by_id.get(entry.pseudonym)
    names = names_of(draw.term)
    values = [
        (FEATURE_LABELS.get(name, name), value_label(name, value, names))
        for name, value in zip(instance.features, volunteer.values if volunteer else (), strict=False)
    ]
    is_current = draw.pool_id == entry.pool_id and draw.state != DrawState.VOID
    return {
        "entry": entry,
        "draw": draw,
        "values": values,
        "is_current": is_current,
        "chances": chances_of(draw, entry) if is_current and draw.announced_at else None,
        "contestations": list(entry.contestations.all()),
        "outcome": outcome_sentence(draw, entry) if is_current else "",
        "withdraw": reverse("draws:personal-withdraw", args=[page_token(entry.applicant)]),
        "may_renounce": may_renounce(entry.applicant),
    }


def chances_of(draw: Draw, entry: PoolEntry) -> int:
    """Return how many of the 10,000 tickets name this person."""
    portfolio = portfolio_of(draw)
    if portfolio is None:
        return 0
    return sum(lot.last - lot.first + 1 for lot in lots_of(portfolio) if entry.pseudonym in lot.members)


def outcome_sentence(draw: Draw, entry: PoolEntry) -> str:
    """Return the result for this person once the names are public, never before; a renunciation at once."""
    if entry.applicant.renounced_on:
        return _("Vous avez renoncé le %(day)s : aucun siège ne vous sera proposé.") % {
            "day": format_date(entry.applicant.renounced_on, weekday=False)
        }
    if draw.state != DrawState.REVEALED:
        return ""
    outcome = outcome_of(draw)
    if outcome is None:
        return ""
    if entry.pseudonym in outcome.members:
        return _("Vous êtes tiré au sort. La mission vous appelle.")
    for cell in outcome.ranks:
        if entry.pseudonym in cell.ids:
            rank = list(cell.ids).index(entry.pseudonym) + 1
            if rank <= draw.alternates:
                return _("Vous n’êtes pas tiré au sort. Vous êtes suppléance nº %(n)s de votre case.") % {"n": rank}
    return _("Vous n’êtes pas tiré au sort. Vos données seront effacées à la date annoncée.")
