"""Views of the draws in the back office: the list, the dossier, its files, the projection."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.views.responses import bytes_response
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from draws.actions import confirmation as confirmations
from draws.draws import rules
from draws.draws.actions import preparation as actions
from draws.draws.forms import ConfirmationForm
from draws.draws.models import of_terms
from draws.draws.queries.pending import next_acts
from draws.draws.views.frame import desk_draw
from draws.enums import CallOutcome, DrawState
from draws.labels import act_line
from draws.models import Call, ConfirmationCall, Draw, Placement
from draws.queries.confirmation import to_call_again, with_last_call
from draws.queries.draw import latest_portfolio, latest_trial, outcome_of
from draws.queries.files import PRIVATE, PUBLIC
from draws.queries.names import revealed_cantons
from draws.queries.renunciation import renounced_entries
from draws.succession.queries import drawn_without_mandate
from draws.views.draw_frame import draw_context
from members.enums import MandateState

MANDATE_STEPS = {CallOutcome.YES: "accepter", CallOutcome.NO: "refuser"}


@require_safe
def draw_list(request: UserRequest) -> HttpResponse:
    """List the draws of the term, of volunteers and internal, the last one first; voided ones stay."""
    term = working_term(request, rules.can_see_draws)
    call = Call.objects.filter(term=term).first()
    of_term = Draw.objects.visible_to(request.user).filter(of_terms([term.pk]))
    rows = list(of_term.select_related("call").for_screen())
    is_open = any(row.state != DrawState.VOID and not row.is_internal for row in rows)
    may_prepare = rules.can_prepare(request.user, term)
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
    term = working_term(request, rules.can_prepare)
    call = Call.objects.filter(term=term).first()
    try:
        if call is None:
            raise ValidationError(_("Un tirage commence avec un appel à candidatures."))
        draw = actions.begin_draw(call, by=request.user)
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
    if not rules.can_prepare(request.user, draw.term_id):
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
    if not rules.can_prepare(request.user, placement.draw.term_id):
        raise PermissionDenied
    back = reverse("draws:placements", args=[placement.draw_id])

    def after(call: ConfirmationCall) -> str:
        step = MANDATE_STEPS.get(CallOutcome(call.outcome))
        return reverse("members:member-step", args=[placement.mandate_id, step]) if step else back

    return form_page(
        request,
        ConfirmationForm(posted(request)),
        lambda data: confirmations.note_call(placement, by=request.user, **data),
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
    actions.record_file_download(draw, name, by=request.user)
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
def draw_projection(request: UserRequest, pk: int) -> HttpResponse:
    """Show the room display, all in one page without further network access; names only once the draw is certified."""
    draw = desk_draw(request, pk)
    if draw.announced_at is None:
        raise Http404
    outcome = outcome_of(draw)
    cantons = revealed_cantons(draw, outcome) if outcome and draw.state in DrawState.tagged("certified") else []
    return render(request, "draws/draws/projection.html", {"draw": draw, "outcome": outcome, "cantons": cantons})
