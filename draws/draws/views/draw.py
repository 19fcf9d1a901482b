"""Pages of draws for the team: list, dossier, frozen list, ceremony, mandates; the page of one volunteer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.queries import latest_rendition
from assembly.documents.responses import bytes_response
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.institution.pages import working_term
from assembly.text.french import format_date
from assembly.web.forms import posted
from assembly.web.pages import form_page
from draws.candidates.rules import ENTRY, page_token
from draws.draws.actions import internal, preparation
from draws.draws.forms import ConfirmationForm, ContestationAnswerForm, ContestForm, InternalDrawForm
from draws.draws.models import of_terms
from draws.draws.queries.draw import (
    FEATURE_LABELS,
    RECORD_KIND,
    holders,
    instance_of,
    latest_portfolio,
    latest_trial,
    lots_of,
    names_of,
    open_contestations,
    outcome_of,
    portfolio_of,
    record_of,
    value_label,
)
from draws.draws.queries.pending import act_line, next_acts
from draws.draws.queries.records import PRIVATE, PUBLIC, applications, panel_composition
from draws.draws.views.frame import desk_draw, draw_context, is_second
from draws.draws.workflow import guards
from draws.models import Call, CallOutcome, ConfirmationCall, Contestation, Draw, DrawState, Placement, PoolEntry
from draws.pages import dead_link, ended_link
from draws.succession import actions as succession
from draws.succession.queries import (
    drawn_without_mandate,
    may_renounce,
    renounced_entries,
    to_call_again,
    with_last_call,
)
from members.enums import MandateState

MANDATE_STEPS = {CallOutcome.YES: "accepter", CallOutcome.NO: "refuser"}


@require_safe
def draw_list(request: UserRequest) -> HttpResponse:
    """List the draws of the term, of volunteers and internal, the last one first; voided ones stay."""
    term = working_term(request, guards.can_see_draws)
    call = Call.objects.filter(term=term).first()
    of_term = Draw.objects.visible_to(request.user).filter(of_terms([term.pk]))
    rows = list(of_term.select_related("call").for_screen())
    is_open = any(row.state != DrawState.VOID and not row.is_internal for row in rows)
    may_prepare = guards.can_prepare(request.user, term)
    context = {
        "term": term,
        "call": call,
        "draws": rows,
        "waiting": [act_line(act_row) for act_row in next_acts(request.user, term).values("pk", "reference", "act")],
        "may_begin": call is not None and not is_open and may_prepare,
        "may_begin_internal": may_prepare,
    }
    return render(request, "draws/draws/list.html", context)


@require_POST
def draw_begin(request: UserRequest) -> HttpResponse:
    """Begin the next draw of the call of this term."""
    term = working_term(request, guards.can_prepare)
    call = Call.objects.filter(term=term).first()
    try:
        if call is None:
            raise ValidationError(_("Un tirage commence avec un appel à candidatures."))
        draw = preparation.begin_draw(call, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("draws:list")
    messages.success(request, _("Le tirage est commencé. Ses premiers quotas viennent des sièges."))
    return redirect("draws:quotas" if draw.quotas else "draws:draw", draw.pk)


@require_safe
def draw(request: UserRequest, pk: int) -> HttpResponse:
    """Show the state of a draw."""
    draw = desk_draw(request, pk)
    context = draw_context(
        request,
        draw,
        "draw",
        trial=latest_trial(draw),
        portfolio=latest_portfolio(draw),
        versions=list(draw.quota_versions.select_related("created_by__person")),
    )
    return render(request, "draws/draws/draw.html", context)


@require_safe
def placements(request: UserRequest, pk: int) -> HttpResponse:
    """Show who was drawn, on which seat, and who came after whom."""
    draw = desk_draw(request, pk)
    if not guards.can_prepare(request.user, draw.term_id):
        raise PermissionDenied
    rows = Placement.objects.filter(draw=draw.pk).select_related(
        "mandate__member__person", "mandate__member__canton", "mandate__seat", "vacated__mandate__member__person"
    )
    shown = list(with_last_call(rows))
    outcome = outcome_of(draw) if draw.state == DrawState.REVEALED else None
    renounced = [row for row in renounced_entries(draw) if outcome and row.pseudonym in outcome.members]
    names = {row.pseudonym: row.applicant.full_name for row in renounced}
    instead = {row.instead_of: row.mandate.member.person.full_name for row in shown if row.instead_of}
    for row in shown:
        row.last_outcome_label = CallOutcome(row.last_outcome).label if row.last_outcome else ""
        row.predecessor = row.vacated.mandate.member.person.full_name if row.vacated else names.get(row.instead_of, "")
    waiting = drawn_without_mandate(draw, outcome) if outcome else []
    context = draw_context(
        request,
        draw,
        "placements",
        placements=shown,
        awaited=[row for row in shown if row.mandate.state == MandateState.PROPOSED],
        answered=[row for row in shown if row.mandate.state in MandateState.tagged("answered")],
        settled=[
            row for row in shown if row.mandate.state not in {MandateState.PROPOSED, *MandateState.tagged("answered")}
        ],
        again=list(to_call_again(rows)),
        today=timezone.localdate(),
        waiting=[candidate for _name, candidate in waiting],
        renounced=[{"person": row.applicant, "after": instead.get(row.pseudonym, "")} for row in renounced],
    )
    return render(request, "draws/succession/placements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: UserRequest, pk: int) -> HttpResponse:
    """Record a call to somebody drawn, with what to say; a yes or a no leads to the step of the mandate."""
    rows = Placement.objects.select_related(
        "draw__call", "mandate__member__person", "mandate__member__canton", "mandate__seat"
    )
    placement = get_object_or_404(rows, pk=pk, draw__in=Draw.objects.visible_to(request.user))
    if not guards.can_prepare(request.user, placement.draw.term_id):
        raise PermissionDenied
    back = reverse("draws:placements", args=[placement.draw_id])

    def after(call: ConfirmationCall) -> str:
        step = MANDATE_STEPS.get(CallOutcome(call.outcome))
        return reverse("members:member-step", args=[placement.mandate_id, step]) if step else back

    return form_page(
        request,
        ConfirmationForm(posted(request)),
        lambda data: succession.note_call(placement, by=request.user, **data),
        template="draws/succession/confirmation.html",
        context={
            "placement": placement,
            "calls": list(ConfirmationCall.objects.filter(placement=placement.pk).select_related("by__person")),
            "is_awaited": placement.mandate.state == MandateState.PROPOSED,
            "is_after": bool(placement.vacated_id or placement.instead_of),
            "back": back,
        },
        success_message=_("L’appel est noté."),
        to=after,
    )


@require_safe
def draw_history(request: UserRequest, pk: int) -> HttpResponse:
    return render(request, "draws/draws/history.html", draw_context(request, desk_draw(request, pk), "history"))


@require_safe
def draw_file(request: UserRequest, pk: int, name: str) -> HttpResponse:
    """Return a file that is public after the announcement, for the team before it."""
    content, kind = file_of(desk_draw(request, pk), name, PUBLIC)
    return bytes_response(request, content, name=name, media_type=kind)


@require_safe
@recently_authenticated
def private_file(request: UserRequest, pk: int, name: str) -> HttpResponse:
    """Return the frozen list or the sealed table; each download is recorded."""
    draw = desk_draw(request, pk)
    content, kind = file_of(draw, name, PRIVATE)
    preparation.record_file_download(draw, name, by=request.user)
    return bytes_response(request, content, name=name, media_type=kind)


def file_of(draw: Draw, name: str, known: dict[str, Any]) -> tuple[bytes, str]:
    """Return content and type of a file; 404 for an unknown one, and for one that does not exist yet."""
    if name not in known:
        raise Http404
    make, kind = known[name]
    content = make(draw)
    if content is None:
        raise Http404
    return content, kind


@require_safe
def pool(request: UserRequest, pk: int) -> HttpResponse:
    """Show the frozen list; 404 before it is frozen."""
    draw = desk_draw(request, pk)
    if draw.pool is None:
        raise Http404
    rows = Contestation.objects.filter(entry__pool=draw.pool).select_related("entry__candidate", "answered_by__person")
    is_team = guards.can_prepare(request.user, draw.term_id)
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
        sees_names=guards.can_see_names(request.user, draw),
        waiting=open_contestations(draw).count(),
    )
    return render(request, "draws/draws/pool.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contestation_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Show what a volunteer contests, and the form for the answer of the team."""
    rows = Contestation.objects.select_related("entry__pool__draw__call__term", "entry__candidate")
    contestation = get_object_or_404(rows, pk=pk, entry__pool__draw__in=Draw.objects.visible_to(request.user))
    draw = contestation.entry.pool.draw
    if not guards.can_prepare(request.user, draw.term_id):
        raise PermissionDenied
    back = reverse("draws:pool", args=[draw.pk])
    return form_page(
        request,
        ContestationAnswerForm(posted(request)),
        lambda data: preparation.answer_contestation(contestation, answer=data["answer"], by=request.user),
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
        lambda data: preparation.contest(row, data["text"]),
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


@require_safe
def ceremony(request: UserRequest, pk: int) -> HttpResponse:
    """Show the digits only once two people agree: the second reader must not copy the first."""
    draw = desk_draw(request, pk)
    outcome = outcome_of(draw) if draw.drawn_at else None
    asked = latest_rendition("draws.Draw", str(draw.pk), RECORD_KIND)
    context = draw_context(
        request,
        draw,
        "ceremony",
        outcome=outcome,
        holders=holders(draw) if draw.is_internal and draw.drawn_at and draw.state != DrawState.VOID else None,
        composition=panel_composition(draw, outcome) if outcome else [],
        is_second=is_second(draw),
        rounds=draw.readings.filter(place=2).count() - (1 if draw.state in DrawState.tagged("drawn") else 0),
        incidents=list(draw.incidents.select_related("by__person")),
        attendees=[line.strip() for line in draw.attendees.splitlines() if line.strip()],
        record=record_of(draw),
        sealing=asked if asked is not None and not asked.is_ready else None,
    )
    return render(request, "draws/draws/ceremony.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def internal_begin(request: UserRequest) -> HttpResponse:
    """Begin an internal draw: its function, the number of places, its rule."""
    term = working_term(request, guards.can_prepare)
    return form_page(
        request,
        InternalDrawForm(posted(request), term=term),
        lambda data: internal.begin_internal_draw(term, by=request.user, **data),
        template="draws/draws/internal_begin.html",
        context={"term": term},
        success_message=_("Le tirage est commencé. Figez la liste pour l’annoncer."),
        to=lambda draw: reverse("draws:draw", args=[draw.pk]),
    )
