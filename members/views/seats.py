"""Seats, canton by canton; and the charter."""

from itertools import groupby

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.institution.models import Term
from members import rules
from members.actions import agreements
from members.actions import mandates as actions
from members.forms import CharterForm, SeatsForm
from members.models import CharterVersion, Mandate, Seat
from members.models.mandate import OPEN_STATES
from members.views.places import term_for


@require_http_methods(["GET", "POST"])
def seat_list(request: UserRequest) -> HttpResponse:
    term = term_for(request, rules.can_manage)
    form = SeatsForm(request.POST or None)
    if form.is_bound and form.is_valid():
        made = actions.create_seats(term, by=request.user, **form.cleaned_data)
        messages.success(request, ngettext("%(n)s siège créé.", "%(n)s sièges créés.", made) % {"n": made})
        return redirect("members:seat-list")
    cantons = seats_by_canton(term)
    held = sum(1 for _canton, seats in cantons for seat in seats if seat.holders)
    total = sum(len(seats) for _canton, seats in cantons)
    context = {"term": term, "cantons": cantons, "held": held, "total": total, "form": form}
    can_create = rules.can_create_seats(request.user, term)
    return render(request, "members/seat_list.html", {**context, "can_create": can_create})


def seats_by_canton(term: Term) -> list[tuple[str, list[Seat]]]:
    """Each canton with its seats; `holders` has the open mandate, or nothing."""
    holders = Mandate.objects.filter(state__in=OPEN_STATES).select_related("member__person")
    seats = Seat.objects.filter(term=term).select_related("canton").order_by("canton__number", "gender", "rank")
    rows = seats.prefetch_related(Prefetch("mandates", queryset=holders, to_attr="holders"))
    return [(name, list(group)) for name, group in groupby(rows, key=lambda seat: seat.canton.name)]


@require_http_methods(["GET", "POST"])
def charter_list(request: UserRequest) -> HttpResponse:
    """Versions of the charter; the lead publishes the next one."""
    term = term_for(request, rules.can_manage)
    can_publish = rules.can_publish_charter(request.user, term)
    form = CharterForm(request.POST or None)
    if form.is_bound and form.is_valid():
        version = agreements.publish_charter(term, by=request.user, **form.cleaned_data)
        messages.success(request, _("La version %(number)s est publiée.") % {"number": version.number})
        return redirect("members:charter-list")
    versions = CharterVersion.objects.filter(term=term)
    context = {"term": term, "versions": versions, "form": form, "can_publish": can_publish}
    return render(request, "members/charter_list.html", context)
