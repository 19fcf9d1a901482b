"""Dashboards of the other rooms, and what anybody reads."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.indicators.registry import Indicator, indicators
from assembly.institution.current_term import working_term
from assembly.institution.queries import active_term, main_assembly
from assembly.institution.rules import is_member
from assembly.ui.page_cache import public_page
from mission.indicators import rules
from mission.indicators.figures import Figure, Reader, figure
from mission.indicators.models import IndicatorValue
from mission.indicators.views import FILE, dashboard, file_lines, indicator_page, one_or_404

# The other rooms


@require_safe
def room_indicators(request: UserRequest) -> HttpResponse:
    """Directorates read those of answers, the elected those of their term: what names them among its readers."""
    term = working_term(request, rules.can_see_in_room)
    reader = Reader(term, request.user, "room")
    told = [one for one in indicators() if rules.holds(request.user, term, one.readers)]
    context = dashboard(reader, told)
    own = own_directorates(reader)
    return render(request, "mission/room_indicators.html", context | {"own": own})


def own_directorates(reader: Reader) -> list[Figure]:
    """What the reader's own directorates answered: each figure opens its rows."""
    found: list[Figure] = []
    day = IndicatorValue.objects.last_night(reader.term)
    if day is None:
        return found
    for one in indicators():
        for breakdown in one.breakdowns:
            cells = set(breakdown.opens(reader.user))
            if not cells or not reader.sees(one):
                continue
            rows = IndicatorValue.objects.filter(
                term=reader.term, key=one.key, day=day, breakdown=breakdown.key, cell__in=cells
            )
            words = breakdown.cells(reader.term)
            found += [own_figure(reader, one, row, words.get(row.cell, "")) for row in rows.for_screen()]
    return found


def own_figure(reader: Reader, found: Indicator, row: IndicatorValue, label: Any) -> Figure:
    return figure(reader, found, row, is_small=False, label=label)


@require_safe
def own_indicators(request: UserRequest) -> HttpResponse:
    """Members read what everybody reads, in their room."""
    term = working_term(request, is_member)
    context = dashboard(Reader(term))
    return render(request, "mission/own_indicators.html", context)


# Anybody


def public_reader() -> Reader:
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if term is None:
        raise Http404
    return Reader(term)


@login_not_required
@require_safe
@public_page
def public_indicators(request: HttpRequest) -> HttpResponse:
    return render(request, "mission/public_indicators.html", dashboard(public_reader()))


@login_not_required
@require_safe
@public_page
def public_indicator(request: HttpRequest, name: str) -> HttpResponse:
    found = one_or_404(name)
    if not found.is_public:
        raise Http404
    return render(request, "mission/public_indicator.html", indicator_page(public_reader(), found))


@login_not_required
@require_safe
@public_page
def public_indicators_file(request: HttpRequest) -> HttpResponse:
    return FILE.data(file_lines(public_reader(), rules.indicators_told()))
