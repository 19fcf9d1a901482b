"""Views of the seats, canton by canton, and of the charter."""

from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.web import pagination
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.pagination import keyset_page
from members import rules
from members.consents import actions as consents
from members.enums import MandateState
from members.forms import CharterForm, SeatsForm
from members.mandates import actions
from members.models import CharterVersion, Mandate, Seat


@require_http_methods(["GET", "HEAD", "POST"])
def seat_list(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_manage)
    return form_page(
        request,
        SeatsForm(posted(request)),
        lambda data: actions.create_seats(term, by=request.user, **data),
        template="members/mandates/seat_list.html",
        context=lambda: {"can_create": rules.can_create_seats(request.user, term), **seats_context(request, term)},
        success_message=lambda count: ngettext("%(n)s siège créé.", "%(n)s sièges créés.", count) % {"n": count},
        to=reverse("members:seat-list"),
    )


def seats_context(request: UserRequest, term: Term) -> dict[str, Any]:
    """Return each canton with the codes of its seats and the open mandate of each, if any."""
    seats = Seat.objects.filter(term=term).select_related("canton")
    page = keyset_page(seats, request, ordering=("canton__number", "gender", "rank"), size=pagination.WHOLE_LIST)
    opened = Mandate.objects.filter(term=term, state__in=MandateState.tagged("open"))
    holders = {row.seat_id: row for row in opened.filter(seat__in=page.rows).select_related("member__person")}
    cantons = [
        (name, [{"code": seat.code, "mandate": holders.get(seat.pk)} for seat in group])
        for name, group in groupby(page, key=lambda seat: seat.canton.name)
    ]
    counts = {"total": len(page), "held": len(holders)}
    if not page.is_alone:
        is_occupied = Exists(opened.filter(seat=OuterRef("pk")))
        counts = seats.aggregate(total=Count("pk"), held=Count("pk", filter=is_occupied))
    is_late = counts["held"] < counts["total"] and rules.is_past_cutoff(term)
    cutoff = rules.replacement_cutoff(term) if is_late else None
    return {"term": term, "cantons": cantons, "page": page, "cutoff": cutoff, **counts}


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def charter_list(request: UserRequest) -> HttpResponse:
    """List the versions of the charter; the lead publishes the next one."""
    term = working_term(request, rules.can_manage)
    can_publish = rules.can_publish_charter(request.user, term)
    versions = CharterVersion.objects.filter(term=term)
    return form_page(
        request,
        CharterForm(posted(request)),
        lambda data: consents.publish_charter(term, by=request.user, **data),
        template="members/consents/charter_list.html",
        context={"term": term, "versions": versions, "can_publish": can_publish},
        success_message=lambda version: _("La version %(number)s est publiée.") % {"number": version.number},
        to=reverse("members:charter-list"),
    )
