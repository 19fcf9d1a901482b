"""« Engagements »: what the council promised and where it stands, for anybody and in the back office."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from answers.enums import FollowUpState
from answers.follow_up.models import FollowUpQuerySet
from answers.lists import commitment_filters
from answers.queries.commitments import Commitment, commitments_of, follow_ups_of, public_follow_ups
from answers.queries.follow_up_desk import list_choices
from answers.rules.follow_up import can_see_follow_ups
from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.lists import Column, Table
from assembly.lists.filters import FilterForm
from assembly.speed.page_cache import public_page
from assembly.web.pagination import keyset_page

LATEST_FIRST = ("-case__answered_on", "pk")
FILE = Table(
    gettext_lazy("Engagements"),
    [
        Column(gettext_lazy("Référence"), "follow_up.case.reference"),
        Column(gettext_lazy("Préconisation"), "follow_up.case.title"),
        Column(gettext_lazy("Avis"), "follow_up.case.opinion.reference"),
        Column(gettext_lazy("Thème"), "theme"),
        Column(gettext_lazy("Réponse"), "answer.get_value_display"),
        Column(gettext_lazy("Engagement"), "text"),
        Column(gettext_lazy("Pris le"), "answer.published_on"),
        Column(gettext_lazy("Direction"), "directorate_name"),
        Column(gettext_lazy("Service"), "follow_up.service"),
        Column(gettext_lazy("Pour le"), lambda one: one.by_when[0] if one.by_when else None),
        Column(gettext_lazy("Étape"), lambda one: one.by_when[1] if one.by_when else ""),
        Column(gettext_lazy("État"), "state_label"),
        Column(gettext_lazy("Dernier point"), "last_update_on"),
        Column(gettext_lazy("Ce que dit le dernier point"), "last_text"),
        Column(gettext_lazy("Ce qui le montre"), lambda one: " ".join(one.proofs)),
        Column(gettext_lazy("Clos le"), "follow_up.ended_on"),
        Column(gettext_lazy("Motif"), "follow_up.reason"),
    ],
)


type Narrowed = tuple[FilterForm, FollowUpQuerySet, dict[str, int]]


def filter_page(request: HttpRequest, rows: FollowUpQuerySet) -> Narrowed:
    """Return the filters of the query string, the rows that match, and the number per state without filters."""
    choices = list_choices(rows)
    form = commitment_filters(request.GET, choices)
    return form, rows.filter(form.condition()).with_dossier(), choices.states


def page_of_commitments(request: HttpRequest, rows: FollowUpQuerySet, export: str) -> dict[str, Any]:
    form, matches, states = filter_page(request, rows)
    every = sum(states.values())
    page = keyset_page(matches.for_screen(), request, ordering=LATEST_FIRST)
    return {
        "form": form,
        "page": page,
        "count": len(page) if page.is_alone else matches.count() if form.is_used else every,
        "rows": commitments_of(page),
        "states": [(state.value, state.label, states.get(state, 0)) for state in FollowUpState],
        "every": every,
        "export": f"{reverse(export)}?{request.GET.urlencode()}",
    }


def all_commitments(rows: FollowUpQuerySet) -> Iterable[Commitment]:
    """Return the commitments of all rows that match, in the order of the page."""
    return commitments_of(rows.order_by(*LATEST_FIRST).for_screen())


@login_not_required
@require_safe
@public_page
def public_commitments(request: HttpRequest) -> HttpResponse:
    context = page_of_commitments(request, public_follow_ups(), "answers:public-commitments-file")
    return render(request, "answers/follow_up/public_commitments.html", context)


@login_not_required
@require_safe
@public_page
def public_commitments_file(request: HttpRequest) -> HttpResponse:
    _form, matches, _states = filter_page(request, public_follow_ups())
    return FILE.data(all_commitments(matches))


@require_safe
def commitments(request: UserRequest) -> HttpResponse:
    """Show the commitments of the present term, worded as everybody reads them."""
    term = working_term(request, can_see_follow_ups)
    context = page_of_commitments(request, follow_ups_of(term), "answers:commitments-export")
    return render(request, "answers/follow_up/commitments.html", context | {"term": term})


@require_safe
def commitments_export(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_follow_ups)
    form, matches, _states = filter_page(request, follow_ups_of(term))
    return FILE.described_file(request, all_commitments(matches), form, term.name)
