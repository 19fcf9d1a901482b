"""Dashboards of the other areas (directorates, elected officials, members), and public pages."""

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
from assembly.speed.page_cache import public_page
from mission.indicators import rules
from mission.indicators.models import IndicatorValue
from mission.indicators.queries import Figure, Reader, figure
from mission.indicators.views import FILE, dashboard, file_lines, indicator_page, one_or_404

# The other areas


@require_safe
def directorate_indicators(request: UserRequest) -> HttpResponse:
    """Show the indicators of the reader’s role: of answers for directorates, of their term for the elected."""
    term = working_term(request, rules.can_see_in_directorate_area)
    reader = Reader(term, request.user, "directorate")
    for_reader = [one for one in indicators() if rules.holds(request.user, term, one.readers)]
    context = dashboard(reader, for_reader)
    figures = my_directorate_figures(reader)
    return render(request, "mission/indicators/directorate.html", context | {"own": figures})


def my_directorate_figures(reader: Reader) -> list[Figure]:
    """Return the figures of the reader’s own directorates; each links to its rows."""
    figures: list[Figure] = []
    day = IndicatorValue.objects.last_night(reader.term)
    if day is None:
        return figures
    for one in indicators():
        for breakdown in one.breakdowns:
            cells = set(breakdown.open_cells(reader.user))
            if not cells or not reader.sees(one):
                continue
            rows = IndicatorValue.objects.filter(
                term=reader.term, key=one.key, day=day, breakdown=breakdown.key, cell__in=cells
            )
            labels = breakdown.cells(reader.term)
            figures += [directorate_figure(reader, one, row, labels.get(row.cell, "")) for row in rows.for_screen()]
    return figures


def directorate_figure(reader: Reader, indicator: Indicator, row: IndicatorValue, label: Any) -> Figure:
    return figure(reader, indicator, row, is_small=False, label=label)


@require_safe
def member_indicators(request: UserRequest) -> HttpResponse:
    """Show members the public indicators in their own area."""
    term = working_term(request, is_member)
    context = dashboard(Reader(term))
    return render(request, "mission/indicators/member.html", context)


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
    return render(request, "mission/indicators/public.html", dashboard(public_reader()))


@login_not_required
@require_safe
@public_page
def public_indicator(request: HttpRequest, name: str) -> HttpResponse:
    indicator = one_or_404(name)
    if not indicator.is_public:
        raise Http404
    return render(request, "mission/indicators/public_show.html", indicator_page(public_reader(), indicator))


@login_not_required
@require_safe
@public_page
def public_indicators_file(request: HttpRequest) -> HttpResponse:
    return FILE.data(file_lines(public_reader(), rules.list_public_indicators()))
