"""Seats, canton by canton; and the charter."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.models import Term
from assembly.ui.forms import posted
from members import rules
from members.actions import agreements
from members.actions import mandates as actions
from members.forms import CharterForm, SeatsForm
from members.models import CharterVersion, Mandate, Seat
from members.models.mandate import OPEN_STATES
from members.views.places import term_for


@require_http_methods(["GET", "HEAD", "POST"])
def seat_list(request: UserRequest) -> HttpResponse:
    term = term_for(request, rules.can_manage)
    form = SeatsForm(posted(request))
    if form.is_bound and form.is_valid():
        made = actions.create_seats(term, by=request.user, **form.cleaned_data)
        messages.success(request, ngettext("%(n)s siège créé.", "%(n)s sièges créés.", made) % {"n": made})
        return redirect("members:seat-list")
    cantons = seats_by_canton(term)
    held = sum(bool(seat["mandate"]) for _canton, seats in cantons for seat in seats)
    total = sum(len(seats) for _canton, seats in cantons)
    context = {"term": term, "cantons": cantons, "held": held, "total": total, "form": form}
    can_create = rules.can_create_seats(request.user, term)
    return render(request, "members/seat_list.html", {**context, "can_create": can_create})


def seats_by_canton(term: Term) -> list[tuple[str, list[dict[str, Any]]]]:
    """Each canton with the codes of its seats and the open mandate of each, if any."""
    holders = {
        row.seat_id: row
        for row in Mandate.objects.filter(term=term, state__in=OPEN_STATES).select_related("member__person")
    }
    seats = Seat.objects.filter(term=term).select_related("canton").order_by("canton__number", "gender", "rank")
    return [
        (name, [{"code": seat.code, "mandate": holders.get(seat.pk)} for seat in group])
        for name, group in groupby(seats, key=lambda seat: seat.canton.name)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def charter_list(request: UserRequest) -> HttpResponse:
    """Versions of the charter; the lead publishes the next one."""
    term = term_for(request, rules.can_manage)
    can_publish = rules.can_publish_charter(request.user, term)
    form = CharterForm(posted(request))
    if form.is_bound and form.is_valid():
        version = agreements.publish_charter(term, by=request.user, **form.cleaned_data)
        messages.success(request, _("La version %(number)s est publiée.") % {"number": version.number})
        return redirect("members:charter-list")
    versions = CharterVersion.objects.filter(term=term)
    context = {"term": term, "versions": versions, "form": form, "can_publish": can_publish}
    return render(request, "members/charter_list.html", context)
