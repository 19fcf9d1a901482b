"""Committees and their dated seats: `/bureau/comites/`."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.models import Person
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution import queries, rules
from assembly.institution.actions import committees as actions
from assembly.institution.current_term import working_term
from assembly.institution.forms import CommitteeForm, DayForm, MembershipForm
from assembly.institution.models import Committee, CommitteeMembership
from assembly.ui.csv import csv_response
from assembly.ui.forms import errors_on_top

MOST_FOUND = 20


@require_safe
def committee_list(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_see_territory)
    context = {
        "term": term,
        "committees": queries.committees_of(term),
        "can": {"create": rules.is_team(request.user, term)},
    }
    return render(request, "institution/committee_list.html", context)


@require_safe
@recently_authenticated
def committee_export(request: UserRequest) -> HttpResponse:
    """Every seat of every committee of the term, names only."""
    term = working_term(request, rules.can_see_territory)
    rows = CommitteeMembership.objects.filter(committee__term=term).select_related("committee", "person")
    header = [_("Comité"), _("Type"), _("Nom"), _("Prénom"), _("Fonction"), _("Du"), _("Au")]
    lines = (
        [
            seat.committee.name,
            seat.committee.get_kind_display(),
            seat.person.last_name,
            seat.person.first_name,
            seat.get_function_display(),
            seat.starts_on,
            seat.ends_on or "",
        ]
        for seat in rows.order_by("committee__name", "person__sort_name", "pk")
    )
    return csv_response(_("comites"), header, lines)


@require_http_methods(["GET", "HEAD", "POST"])
def committee_create(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.is_team)
    form = CommitteeForm(request.POST or None, term=term)
    if request.method == "POST" and form.is_valid():
        committee = actions.create(term, by=request.user, **form.cleaned_data)
        messages.success(request, _("« %(name)s » est créé. Faites entrer ses membres.") % {"name": committee.name})
        return redirect("institution:committee", committee.pk)
    return render(request, "institution/committee_form.html", {"form": form, "committee": None})


def _committee(request: UserRequest, pk: int) -> Committee:
    return get_object_or_404(queries.visible_committees(request.user), pk=pk)


@require_safe
def committee_detail(request: UserRequest, pk: int) -> HttpResponse:
    committee = _committee(request, pk)
    seats = list(queries.seats_of(committee))
    today = timezone.localdate()
    context = {
        "committee": committee,
        "seats": [seat for seat in seats if seat.ends_on is None or seat.ends_on >= today],
        "past": [seat for seat in seats if seat.ends_on is not None and seat.ends_on < today],
        "can": {"change": rules.can_change_committee(request.user, committee)},
        **_search(request, committee),
    }
    return render(request, "institution/committee.html", context)


def _search(request: UserRequest, committee: Committee) -> dict[str, Any]:
    """People found by the words of the address, ready to be seated."""
    words = request.GET.get("q", "").strip()[:80]
    if not words or not rules.can_change_committee(request.user, committee):
        return {"words": words, "form": None, "found": 0}
    found = [person.pk for person in queries.candidates_for(committee.term, words)[:MOST_FOUND]]
    form = MembershipForm(people=Person.objects.filter(pk__in=found)) if found else None
    return {"words": words, "form": form, "found": len(found)}


@require_http_methods(["GET", "HEAD", "POST"])
def committee_change(request: UserRequest, pk: int) -> HttpResponse:
    committee = _committee(request, pk)
    if not rules.can_change_committee(request.user, committee):
        raise PermissionDenied
    initial = {
        "name": committee.name,
        "kind": committee.kind,
        "purpose": committee.purpose,
        "cantons": committee.cantons.all(),
    }
    form = CommitteeForm(request.POST or None, term=committee.term, new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change(committee, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le comité est modifié."))
        return redirect("institution:committee", pk)
    return render(request, "institution/committee_form.html", {"form": form, "committee": committee})


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def committee_close(request: UserRequest, pk: int) -> HttpResponse:
    committee = _committee(request, pk)
    if not rules.can_change_committee(request.user, committee):
        raise PermissionDenied
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(committee, by=request.user, on=form.cleaned_data["on"])
        except ValidationError as refusal:
            form.add_error("on", refusal)
        else:
            messages.success(request, _("Le comité est clos."))
            return redirect("institution:committee", pk)
    return render(request, "institution/committee_close.html", {"form": form, "committee": committee})


@require_POST
@recently_authenticated
def seat_add(request: UserRequest, pk: int) -> HttpResponse:
    committee = _committee(request, pk)
    if not rules.can_change_committee(request.user, committee):
        raise PermissionDenied
    form = MembershipForm(request.POST, people=queries.candidates_for(committee.term, ""))
    if not form.is_valid():
        messages.error(request, " ".join(error["text"] for error in errors_on_top(form)))
        return redirect("institution:committee", pk)
    try:
        seat = actions.add_member(committee, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("%(name)s entre au comité.") % {"name": seat.person.full_name})
    return redirect("institution:committee", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def seat_end(request: UserRequest, pk: int) -> HttpResponse:
    seats = CommitteeMembership.objects.filter(committee__in=queries.visible_committees(request.user), ends_on=None)
    seat = get_object_or_404(seats.select_related("committee", "person"), pk=pk)
    if not rules.can_change_committee(request.user, seat.committee):
        raise PermissionDenied
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_member(seat, by=request.user, on=form.cleaned_data["on"])
        messages.success(request, _("La participation de %(name)s est finie.") % {"name": seat.person.full_name})
        return redirect("institution:committee", seat.committee_id)
    return render(request, "institution/seat_end.html", {"form": form, "seat": seat})
