"""« Mon espace »: the sittings of the reader, their answer, their documents."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.enums import Role
from assembly.institution.rules import has_role
from assembly.web.pagination import keyset_page
from assembly.workflow import StateConflict
from sessions import pages
from sessions.agenda.queries import agenda_of, papers_of
from sessions.attendance.queries.presence import certifiable_invitees, has_attended
from sessions.documents.sheets import agenda_pdf
from sessions.enums import Via
from sessions.models import Invitee, Sitting
from sessions.queries.notices import last_notice
from sessions.sittings.queries.calendar import my_feed
from sessions.sittings.queries.sittings import NEAREST, coming_sittings, invitations, my_sittings, past_sittings
from sessions.sittings.views.readers import answer_page
from sessions.views.agenda import pdf_response


@require_safe
def member_list(request: UserRequest) -> HttpResponse:
    """List the coming sittings with the reader's own answer, then those that are over."""
    mine = my_sittings(request.user)
    next_ones = list(coming_sittings(mine).for_screen()[: NEAREST + 1])
    has_more, next_ones = len(next_ones) > NEAREST, next_ones[:NEAREST]
    page = keyset_page(past_sittings(mine).for_screen(), request, ordering=("-starts_at",))
    own = invitations(request.user, [*next_ones, *page])
    rows = [{"sitting": sitting, "invitee": own.get(sitting.pk)} for sitting in next_ones]
    past = [{"sitting": sitting, "invitee": own.get(sitting.pk)} for sitting in page]
    context = {
        "rows": rows,
        "has_more": has_more,
        "past": past,
        "page": page,
        "count": past_sittings(mine).count(),
        "has_attended": has_role(request.user, Role.MEMBER) and has_attended(request.user.person_id),
    }
    return render(request, "sessions/sittings/member_list.html", context)


def member_or_404(request: UserRequest, pk: int) -> Sitting:
    return get_object_or_404(my_sittings(request.user).select_related("chair"), pk=pk)


def member_invitation(request: UserRequest, sitting: Sitting) -> Invitee | None:
    invitee = sitting.invitees.expected().filter(person=request.user.person_id).first()
    if invitee:
        invitee.person = request.user.person
    return invitee


@require_http_methods(["GET", "HEAD", "POST"])
def member_sitting(request: UserRequest, pk: int) -> HttpResponse:
    """Show the reader's sitting; a tap of « Mon espace » gets only the answer, which replaces its line."""
    sitting = member_or_404(request, pk)
    invitee = member_invitation(request, sitting)
    if request.method == "POST" and invitee is None:
        raise Http404
    if invitee is None or not sitting.awaits_replies:
        if request.method == "POST":
            raise StateConflict(sitting, "reply")
        return render(request, "sessions/sittings/member_sitting.html", member_context(request, sitting, invitee))
    alone = pages.is_htmx(request)
    return answer_page(
        request,
        invitee,
        via=Via.ACCOUNT,
        by=request.user,
        template="sessions/sittings/_answer.html" if alone else "sessions/sittings/member_sitting.html",
        context=lambda: {} if alone else member_context(request, sitting, invitee),
    )


def member_context(request: UserRequest, sitting: Sitting, invitee: Invitee | None) -> dict[str, Any]:
    """Build the context of the page, without the agenda before the convocation."""
    notice = last_notice(sitting)
    return {
        "sitting": sitting,
        "notice": notice,
        "lines": agenda_of(sitting, internal=False, reader=request.user) if notice else [],
        "papers": papers_of(sitting, internal=False) if notice else [],
        "has_certificate": sitting.is_held
        and certifiable_invitees(sitting).filter(person=request.user.person_id).exists(),
        "invitee": invitee,
    }


@require_safe
def member_event(request: UserRequest, pk: int) -> HttpResponse:
    """Return one event for the reader's own calendar."""
    sitting = member_or_404(request, pk)
    content = my_feed([sitting], sitting.term.assembly.name)
    name = f"{sitting.reference.lower()}.ics"
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def member_agenda(request: UserRequest, pk: int) -> HttpResponse:
    sitting = member_or_404(request, pk)
    notice = last_notice(sitting)
    if notice is None:
        raise Http404
    return pdf_response(agenda_pdf(notice), f"{sitting.reference}-ordre-du-jour.pdf")
