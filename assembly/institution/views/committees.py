"""Views of committees and their dated seats in the back office: `/bureau/comites/`."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest, recently_authenticated
from assembly.institution import queries, rules
from assembly.institution.actions import committees as actions
from assembly.institution.forms import CommitteeForm, DayForm, MembershipForm
from assembly.institution.lists import COMMITTEES, seat_reference
from assembly.institution.models import Committee, CommitteeMembership
from assembly.institution.pages import working_term
from assembly.lists import Column, Table
from assembly.text.french import of_name
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.pagination import LONG_PAGE, keyset_page

PAST = "anciens"  # query parameter that shows the former members of a committee
SEATS = Table(
    gettext_lazy("Comités"),
    [
        Column(gettext_lazy("Comité"), "committee.name"),
        Column(gettext_lazy("Type"), "committee.get_kind_display"),
        Column(gettext_lazy("Nom"), "person.last_name"),
        Column(gettext_lazy("Prénom"), "person.first_name"),
        Column(gettext_lazy("Fonction"), "get_function_display"),
        Column(gettext_lazy("Du"), "starts_on"),
        Column(gettext_lazy("Au"), "ends_on"),
        Column(gettext_lazy("Référence"), seat_reference),
    ],
)


@require_safe
@recently_authenticated
def committee_export(request: UserRequest) -> HttpResponse:
    """Export every seat of every committee of the term, names and functions only."""
    term = working_term(request, rules.can_see_territory)
    return SEATS.described_file(request, queries.seats_of_bodies(term), place=term.name)


@require_safe
@recently_authenticated
def committee_list_export(request: UserRequest) -> HttpResponse:
    """Export the committees of the term; a workbook has their seats on a sheet of its own."""
    term = working_term(request, rules.can_see_territory)
    listed = replace(COMMITTEES, rows=lambda user, term: queries.committees_of(term).prefetch_related("cantons"))
    seats = queries.seats_of_bodies(term)
    return listed.file_of(
        request, term, lambda rows: [SEATS.sheet(seats.filter(committee__in=rows.order_by().values("pk")))]
    )


@require_http_methods(["GET", "HEAD", "POST"])
def committee_create(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.is_team)
    return form_page(
        request,
        CommitteeForm(posted(request), term=term),
        lambda data: actions.create(term, by=request.user, **data),
        template="institution/committee_form.html",
        success_message=lambda committee: (
            _("« %(name)s » est créé. Faites entrer ses membres.") % {"name": committee.name}
        ),
        to=page_of,
    )


def page_of(committee: Committee) -> str:
    return reverse("institution:committee", args=[committee.pk])


def _committee(request: UserRequest, pk: int) -> Committee:
    return get_object_or_404(queries.visible_committees(request.user), pk=pk)


def _changeable(request: UserRequest, pk: int) -> Committee:
    committee = _committee(request, pk)
    if not rules.can_change_committee(request.user, committee):
        raise PermissionDenied
    return committee


@require_safe
def committee_detail(request: UserRequest, pk: int) -> HttpResponse:
    committee = _committee(request, pk)
    context = _seats(request, committee)
    if context["can"]["change"]:
        context["form"] = MembershipForm(people=queries.candidates_for(committee.term))
    return render(request, "institution/committee.html", context)


def _seats(request: UserRequest, committee: Committee) -> dict[str, Any]:
    """Return the committee with a page of its memberships: today's or, with `?anciens`, those that ended."""
    counts = queries.seat_counts(committee)
    shows_past = PAST in request.GET and counts[True] > 0
    order = ["-ends_on", "person__sort_name"] if shows_past else ["person__sort_name"]
    seats = queries.seats_of(committee, ended=shows_past)
    kinds = [(_("Membres"), "?", False), (_("Anciens membres"), f"?{PAST}=oui", True)]
    return {
        "committee": committee,
        "page_object": committee,
        "page": keyset_page(seats, request, ordering=order, size=LONG_PAGE),
        "count": counts[shows_past],
        "shows_past": shows_past,
        "chips": [
            {"label": label, "url": url, "count": counts[ended], "current": ended == shows_past}
            for label, url, ended in kinds
            if counts[True]
        ],
        "can": {"change": rules.can_change_committee(request.user, committee)},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def committee_change(request: UserRequest, pk: int) -> HttpResponse:
    committee = _changeable(request, pk)
    initial = {
        "name": committee.name,
        "kind": committee.kind,
        "purpose": committee.purpose,
        "cantons": committee.cantons.all(),
    }
    return form_page(
        request,
        CommitteeForm(posted(request), term=committee.term, new=False, initial=initial),
        lambda data: actions.change(committee, by=request.user, **data),
        template="institution/committee_form.html",
        context={"committee": committee},
        success_message=_("Le comité est modifié."),
        to=page_of(committee),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def committee_close(request: UserRequest, pk: int) -> HttpResponse:
    committee = _changeable(request, pk)
    return form_page(
        request,
        DayForm(posted(request)),
        lambda data: actions.close(committee, by=request.user, on=data["on"]),
        field="on",
        template="institution/committee_close.html",
        context={"committee": committee},
        success_message=_("Le comité est clos."),
        to=page_of(committee),
    )


@require_POST
@recently_authenticated
def seat_add(request: UserRequest, pk: int) -> HttpResponse:
    committee = _changeable(request, pk)
    return form_page(
        request,
        MembershipForm(request.POST, people=queries.candidates_for(committee.term)),
        lambda data: actions.add_member(committee, by=request.user, **data),
        template="institution/committee.html",
        context=lambda: _seats(request, committee),
        success_message=lambda seat: _("%(name)s entre au comité.") % {"name": seat.person.full_name},
        to=page_of(committee),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def seat_end(request: UserRequest, pk: int) -> HttpResponse:
    seats = CommitteeMembership.objects.filter(committee__in=queries.visible_committees(request.user), ends_on=None)
    seat = get_object_or_404(seats.select_related("committee", "person"), pk=pk)
    if not rules.can_change_committee(request.user, seat.committee):
        raise PermissionDenied
    return form_page(
        request,
        DayForm(posted(request)),
        lambda data: actions.end_member(seat, by=request.user, on=data["on"]),
        template="institution/seat_end.html",
        context={"seat": seat},
        success_message=_("La participation %(of_name)s est finie.") % {"of_name": of_name(seat.person.full_name)},
        to=page_of(seat.committee),
    )
