"""Views of the indicators: dashboards of each area, page of one, rows behind a figure, form of a value, sheets."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answers.pages import ask_for_seal
from assembly.documents.queries import latest_ready
from assembly.identity.http import UserRequest, recently_authenticated_to_write
from assembly.indicators.counting import cell_rows
from assembly.indicators.registry import Facts, Frequency, Indicator, Theme, Unit, indicator, indicators
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.pages import working_term
from assembly.institution.queries import active_term, main_assembly
from assembly.institution.rules import is_member
from assembly.lists import Column, Table
from assembly.speed.page_cache import public_page
from assembly.speed.queries import for_screen
from assembly.text.french import format_date, format_number
from assembly.web.forms import StyledForm, posted
from assembly.web.pages import Question, confirmation_page, form_page
from assembly.web.values import NOTHING
from mission.indicators import actions, queries, rules
from mission.indicators.forms import ManualValueForm, RowsAsked, TermAgeForm
from mission.indicators.models import IndicatorSheet, IndicatorValue, ManualValue
from opinions.papers.queries import sealing_of

FILE_HEAD = [
    gettext_lazy("Indicateur"),
    gettext_lazy("Répartition"),
    gettext_lazy("Case"),
    gettext_lazy("Jour"),
    gettext_lazy("Valeur"),
    gettext_lazy("Unité"),
    gettext_lazy("Numérateur"),
    gettext_lazy("Dénominateur"),
    gettext_lazy("Définition"),
]
FILE = Table(gettext_lazy("indicateurs"), [Column(label, itemgetter(at)) for at, label in enumerate(FILE_HEAD)])


def by_theme(figures: Iterable[queries.Figure]) -> list[tuple[str, list[queries.Figure]]]:
    rows = list(figures)
    groups = [(str(theme.label), [one for one in rows if one.indicator.theme == theme]) for theme in Theme]
    return [(title, group) for title, group in groups if group]


def dashboard(reader: queries.Reader, shown_indicators: Iterable[Indicator] | None = None) -> dict[str, Any]:
    """Return the context of a dashboard. `shown_indicators`: its indicators, by default all that the reader sees."""
    figures = queries.figures_of(reader, indicators() if shown_indicators is None else shown_indicators)
    last = max((one.day for one in figures.values() if one.day and not one.indicator.is_manual), default=None)
    return {"term": reader.term, "themes": by_theme(figures.values()), "day": last, "reader": reader}


def one_or_404(key: str) -> Indicator:
    match = indicator(key)
    if match is None:
        raise Http404
    return match


# Back office


@require_safe
def desk_indicators(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_see_indicators)
    due = queries.due_days(term)
    context = dashboard(queries.Reader(term, request.user, "desk"))
    return render(
        request, "mission/indicators/dashboard.html", context | {"asked": asked_lines(request.user, term, due)}
    )


def asked_lines(user: Any, term: Term, due: dict[str, date]) -> list[tuple[Indicator, date]]:
    """Return the manual values that are due soon and that the reader may enter, the first one first."""
    near = [(one, due[one.key]) for one in indicators() if one.key in due and queries.is_near(due[one.key])]
    return sorted([line for line in near if rules.can_enter(user, term, line[0])], key=lambda line: line[1])


@require_safe
def desk_indicator(request: UserRequest, name: str) -> HttpResponse:
    term = working_term(request, rules.can_see_indicators)
    match = one_or_404(name)
    context = indicator_page(queries.Reader(term, request.user, "desk"), match)
    entries = ManualValue.objects.filter(term=term, key=name).select_related("entered_by__person").order_by("-pk")
    return render(
        request,
        "mission/indicators/show.html",
        context
        | {
            "entries": entered(term, match, entries[:50]) if match.is_manual else [],
            "may_enter": rules.can_enter(request.user, term, match),
            "is_public": match.is_public,
        },
    )


def entered(term: Term, indicator: Indicator, rows: Iterable[ManualValue]) -> list[tuple[ManualValue, str, str]]:
    """Return each entry with the label of what it counts and its formatted value."""
    labels = {(one.key, cell): str(label) for one in indicator.breakdowns for cell, label in one.cells(term).items()}
    return [
        (
            row,
            labels.get((row.breakdown, row.cell), _("l’ensemble")),
            queries.Figure(indicator, row.day, row.value).text,
        )
        for row in rows
    ]


def indicator_page(reader: queries.Reader, indicator: Indicator) -> dict[str, Any]:
    whole = queries.figures_of(reader, [indicator])[indicator.key]
    parts = queries.manual_breakdowns if indicator.is_manual else queries.breakdown_figures
    breakdowns = parts(reader, indicator, whole.day)
    return {
        "term": reader.term,
        "indicator": indicator,
        "figure": whole,
        "curve": curve(whole),
        "charts": [chart(one) for one in breakdowns if not one.is_hidden],
        "hidden": [str(one.breakdown.label) for one in breakdowns if one.is_hidden],
        "has_small": any(cell.is_small for one in breakdowns for cell in one.figures),
        "facts": facts(indicator),
        "reader": reader,
    }


def facts(indicator: Indicator) -> dict[str, Any]:
    return {
        "unit": Unit(indicator.unit).label,
        "frequency": Frequency(indicator.frequency).label,
        "owner": _("l’équipe de la mission") if indicator.owner in TEAM_ROLES else indicator.owner.label,
        "witness": "" if indicator.is_manual else Facts(indicator.facts).label,
        "is_only_witness": not indicator.is_recomputable and not indicator.is_manual,
        "weaker": [
            str(one.label)
            for one in indicator.breakdowns
            if not indicator.is_manual and indicator.is_recomputable and one.facts != Facts.RECORDED
        ],
    }


def curve(figure: queries.Figure) -> dict[str, Any] | None:
    """Return the points of a year; None if fewer than two may be shown."""
    points = [point for point in figure.trend if point.value is not None]
    if len(points) < 2 or figure.is_hidden:
        return None
    aim = figure.indicator.target if figure.indicator.target is not None else figure.indicator.at_most
    return {
        "points": [{"label": one.label, "value": one.value, "text": one.text} for one in figure.trend],
        "aim": float(aim) if aim is not None else None,
        "aim_text": _("cible : %(words)s") % {"words": figure.target} if aim is not None else "",
        "rows": [[one.label, one.text] for one in reversed(points)],
    }


def chart(group: queries.BreakdownFigures) -> dict[str, Any]:
    """Return bars for the cells that may be shown, and all cells for the table."""
    bars = [
        {"label": str(one.label), "value": abs(one.value), "text": one.text}
        for one in group.figures
        if one.value is not None and not one.is_hidden
    ]
    return {"title": group.breakdown.label, "bars": bars[:40], "figures": group.figures}


@require_safe
def desk_indicators_export(request: UserRequest) -> HttpResponse:
    """Export the last night of every indicator and breakdown, without small cells: a file is passed on."""
    term = working_term(request, rules.can_see_indicators)
    return FILE.described_file(request, file_lines(queries.Whole(term, area="file"), indicators()), place=term.name)


def file_lines(reader: queries.Reader, shown_indicators: Iterable[Indicator]) -> list[list[Any]]:
    lines: list[list[Any]] = []
    for figure in queries.figures_of(reader, shown_indicators).values():
        one = figure.indicator
        lines.append(file_line(figure, "", ""))
        parts = queries.manual_breakdowns if one.is_manual else queries.breakdown_figures
        for group in parts(reader, one, figure.day):
            lines += [file_line(cell, str(group.breakdown.label), str(cell.label)) for cell in group.figures]
    return lines


def file_line(figure: queries.Figure, breakdown: str, cell: str) -> list[Any]:
    one = figure.indicator
    value = _("masqué") if figure.is_hidden else figure.value
    definition = str(one.definition) if not breakdown else ""
    return [
        str(one.name),
        breakdown,
        cell,
        figure.day,
        value,
        str(Unit(one.unit).label),
        figure.numerator,
        figure.denominator,
        definition,
    ]


@require_safe
def desk_comparison(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_see_indicators)
    months = queries.months_offered(term)
    asked = request.GET.get("mois", "")
    is_asked = asked in {str(one) for one in months}
    chosen = int(asked) if is_asked else months[-1]
    form = TermAgeForm(request.GET if is_asked else None, initial={"mois": str(chosen)}, months=months)
    terms, rows = queries.comparison(queries.Reader(term, request.user, "desk"), chosen)
    context = {"term": term, "form": form, "months": chosen, "terms": terms, "rows": rows}
    return render(request, "mission/indicators/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_entry(request: UserRequest, name: str) -> HttpResponse:
    term = working_term(request, rules.can_see_indicators)
    match = one_or_404(name)
    if not match.is_manual:
        raise Http404
    if not rules.can_enter(request.user, term, match):
        raise PermissionDenied
    return form_page(
        request,
        ManualValueForm(posted(request), indicator=match, term=term),
        lambda data: actions.enter_value(term, match, by=request.user, **data),
        template="mission/indicators/entry.html",
        context={"term": term, "indicator": match},
        success_message=_("La valeur est gardée, avec sa date et sa source."),
        to=reverse("mission:indicator", args=[name]),
    )


# The rows behind a figure


@require_safe
def desk_rows(request: UserRequest, name: str) -> HttpResponse:
    term = working_term(request, rules.can_see_indicators)
    return rows_page(
        request, queries.Reader(term, request.user, "desk"), one_or_404(name), "mission/indicators/rows.html"
    )


@require_safe
def directorate_rows(request: UserRequest, name: str) -> HttpResponse:
    term = working_term(request, rules.can_see_in_directorate_area)
    reader = queries.Reader(term, request.user, "directorate")
    return rows_page(request, reader, one_or_404(name), "mission/indicators/directorate_rows.html")


def rows_page(request: UserRequest, reader: queries.Reader, indicator: Indicator, template: str) -> HttpResponse:
    """Show the rows of one figure: 404 if it was not counted that day, 403 if the reader may not open it."""
    query = RowsAsked(request.GET)
    if not query.is_valid() or indicator.lines is None:
        raise Http404
    breakdown, cell = query.cleaned_data["detail"], query.cleaned_data["case"]
    day = query.day or IndicatorValue.objects.last_night(reader.term)
    if day is None:
        raise Http404
    if not reader.opens(indicator, breakdown, cell):
        raise PermissionDenied
    night_value = IndicatorValue.objects.filter(
        term=reader.term, key=indicator.key, day=day, breakdown=breakdown, cell=cell
    ).first()
    if night_value is None or (breakdown and indicator.breakdown(breakdown) is None):
        raise Http404
    declaration = indicator.breakdown(breakdown) if breakdown else None
    rows = indicator.lines.visible_rows(cell_rows(indicator, reader.term, day, declaration, cell), request.user)
    columns = list(indicator.lines.columns)
    page = Table(indicator.name, columns, default=next(one.key for one in columns if one.order)).page(
        request, for_screen(rows)
    )
    address = indicator.lines.url if reader.area == "desk" else indicator.lines.directorate_url
    shown = [
        (address(row), [(column, format_cell(column.value_of(row))) for column in columns if column.key])
        for row in page.page.rows
    ]
    context = {
        "term": reader.term,
        "indicator": indicator,
        "figure": queries.Figure(
            indicator,
            day,
            night_value.value,
            night_value.numerator,
            night_value.denominator,
            night_value.rows,
            night_value.people,
        ),
        "place": cell_label(reader.term, indicator, breakdown, cell),
        "list": page,
        "rows": shown,
        "has_moved": night_value.rows != page.count,
        "is_kept": indicator.is_recomputable,
        "back": reverse("mission:indicator", args=[indicator.key])
        if reader.area == "desk"
        else reverse("mission:directorate-indicators"),
    }
    return render(request, template, context)


def format_cell(value: object) -> object:
    """Return a cell of the list as text: days, « oui » and « non », French numbers, a dash for nothing."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return _("oui") if value else _("non")
        case datetime() | date():
            return format_date(value, weekday=False)
        case Decimal():
            return format_number(value, 0 if value == value.to_integral_value() else 2)
    return value


def cell_label(term: Term, indicator: Indicator, breakdown: str, cell: str) -> str:
    one = indicator.breakdown(breakdown)
    return "" if one is None else str(one.cells(term).get(cell) or _("non connu"))


# The other areas


@require_safe
def directorate_indicators(request: UserRequest) -> HttpResponse:
    """Show the indicators of the reader’s role: of answers for directorates, of their term for the elected."""
    term = working_term(request, rules.can_see_in_directorate_area)
    reader = queries.Reader(term, request.user, "directorate")
    for_reader = [one for one in indicators() if rules.holds(request.user, term, one.readers)]
    context = dashboard(reader, for_reader)
    figures = my_directorate_figures(reader)
    return render(request, "mission/indicators/directorate.html", context | {"own": figures})


def my_directorate_figures(reader: queries.Reader) -> list[queries.Figure]:
    """Return the figures of the reader’s own directorates; each links to its rows."""
    figures: list[queries.Figure] = []
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
            figures += [
                queries.build_figure(reader, one, row, is_small=False, label=labels.get(row.cell, ""))
                for row in rows.for_screen()
            ]
    return figures


@require_safe
def member_indicators(request: UserRequest) -> HttpResponse:
    """Show members the public indicators in their own area."""
    term = working_term(request, is_member)
    context = dashboard(queries.Reader(term))
    return render(request, "mission/indicators/member.html", context)


# Anybody


def public_reader() -> queries.Reader:
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if term is None:
        raise Http404
    return queries.Reader(term)


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


@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: UserRequest) -> HttpResponse:
    """List the sheets of the term, with a button that makes the one of the last night."""
    term = working_term(request, rules.can_see_indicators)
    return form_page(
        request,
        StyledForm(posted(request)),
        lambda data: actions.make_sheet(term, by=request.user),
        template="mission/indicators/sheets.html",
        context=lambda: {
            "term": term,
            "sheets": IndicatorSheet.objects.filter(term=term).defer("content").for_screen(),
            "day": IndicatorValue.objects.last_night(term),
        },
        to=lambda row: reverse("mission:indicator-sheet", args=[row.pk]),
    )


def desk_sheet(request: UserRequest, pk: int) -> IndicatorSheet:
    row = get_object_or_404(IndicatorSheet.objects.select_related("term__assembly", "noted_by__person"), pk=pk)
    if not rules.can_see_indicators(request.user, row.term_id):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def sheet(request: UserRequest, pk: int) -> HttpResponse:
    """Show a sheet; seal it for the lead, after a proof of identity."""
    row = desk_sheet(request, pk)
    if request.method == "POST":
        return ask_for_seal(
            request,
            lambda: actions.seal_sheet(row, by=request.user),
            page=reverse("mission:indicator-sheet", args=[row.pk]),
            success_message=gettext_lazy("La fiche est scellée."),
        )
    if "sceller" in request.GET:
        if not rules.can_seal_sheet(request.user, row.term_id):
            raise PermissionDenied
        lines = [gettext("Le PDF scellé a une référence, et se vérifie par tout le monde. La fiche ne change plus.")]
        back = reverse("mission:indicator-sheet", args=[row.pk])
        return confirmation_page(
            request, Question(gettext("Sceller la fiche ?"), gettext("Sceller la fiche"), back, lines, about=row)
        )
    rendition = latest_ready(queries.SHEET, str(row.pk), queries.SEALED_KIND)
    context = {
        "row": row,
        "title": queries.sheet_title(row),
        "sheet": row.content,
        "document": rendition.revision.document if rendition and rendition.revision else None,
        "sealing": sealing_of(row, queries.SEALED_KIND),
        "may_seal": rules.can_seal_sheet(request.user, row.term_id),
    }
    return render(request, "mission/indicators/sheet.html", context)


@require_POST
def sheet_print(request: UserRequest, pk: int) -> HttpResponse:
    job = actions.print_sheet(desk_sheet(request, pk), by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)
