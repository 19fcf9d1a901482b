"""The list of a register: search, filters, chosen columns, sorting, pages; the same rows as a board by state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.institution.models import Term
from assembly.ui.lists import List
from assembly.ui.words import moment_words
from mission.registers import cells
from mission.registers.declaration import Register, RegisterColumn
from mission.registers.forms import RegisterFilterForm
from mission.registers.saved_views import kept_query, views_of
from mission.registers.views.access import address, step_pages, term_of
from mission.registers.views.chosen import selection_of

BOARD = "tableau"
CARDS = 25  # of one state; the list has them all


def chosen_columns(register: Register, asked: QueryDict) -> list[RegisterColumn]:
    """Those of `?col=…&col=…`, in that order, the first one always; `monter=` moves one a place up."""
    by_key = {column.key: column for column in register.all_columns if column.key}
    first = next(iter(by_key))
    keys = [key for key in dict.fromkeys(asked.getlist("col")) if key in by_key and key != first]
    keys = keys or [column.key for column in by_key.values() if column.is_shown and column.key != first]
    if (moved := asked.get("monter", "")) in keys[1:]:
        place = keys.index(moved)
        keys[place - 1 : place + 1] = [moved, keys[place - 1]]
    return [by_key[key] for key in (first, *keys)]


def list_of(register: Register, columns: list[RegisterColumn]) -> List:
    """The columns chosen; the others still sort, and stay out of the page."""
    hidden = {column.key: column.order for column in register.all_columns if column.order and column not in columns}
    return List(register.title, columns, default=register.default, orders=hidden)


def filtered(register: Register, user: Any, term: Term, asked: QueryDict) -> tuple[RegisterFilterForm, QuerySet[Any]]:
    form = RegisterFilterForm(asked, register=register, term=term)
    return form, register.rows_of(user, term).filter(form.condition())


@dataclass(frozen=True)
class Lane:
    """A state on the board: its first cards, and how many rows it has."""

    state: str
    label: str
    shape: str
    cards: list[Any]
    count: int


def lanes(register: Register, user: Any, rows: QuerySet[Any], ordering: Iterable[str]) -> list[Lane]:
    """All states in one statement; each card carries the steps that its reader may take."""
    order = [f"-{name.lstrip('-')}" if name.startswith("-") else name for name in ordering]
    placed = rows.annotate(
        lane_place=Window(RowNumber(), partition_by="state", order_by=[*order, "pk"]),
        lane_count=Window(Count("pk"), partition_by="state"),
    ).filter(lane_place__lte=CARDS)
    found: dict[str, list[Any]] = {str(state): [] for state, _label in register.states}
    pages = step_pages(register.key)
    apart = [move.slug for move in register.moves if move.danger or move.target is None]
    for row in placed.for_screen():
        row.step_links = pages.links(user, row, without=apart)
        found[row.state].append(row)
    for cards in found.values():
        cards.sort(key=lambda row: row.lane_place)
    shapes = getattr(register.model, "SHAPES", {})
    return [
        Lane(
            str(state),
            str(label),
            shapes.get(state, "doing"),
            found[state],
            found[state][0].lane_count if found[state] else 0,
        )
        for state, label in register.states
    ]


@require_safe
def row_list(request: UserRequest, register: Register) -> HttpResponse:
    """The list, or with `?vue=tableau` the board of the same rows."""
    term = term_of(request, register)
    form, rows = filtered(register, request.user, term, request.GET)
    columns = chosen_columns(register, request.GET)
    listing = list_of(register, columns)
    is_board = request.GET.get("vue") == BOARD
    may_add = register.can_add(request.user, term)
    context: dict[str, Any] = {
        "register": register,
        "term": term,
        "form": form,
        "is_board": is_board,
        "can_add": may_add,
        "views": views_of(register, request.user, term),
        "query": kept_query(request.GET),
        "selection": selection_of(register, term, request.user) if may_add and not is_board else None,
        "add": address(register, "new"),
        "all": address(register),
        "chosen": [(column, True) for column in columns[1:]]
        + [(column, False) for column in register.all_columns if column.key and column not in columns],
    }
    if is_board:
        board = lanes(register, request.user, rows, listing.ordering(request).ordering)
        context |= {"lanes": board, "count": sum(lane.count for lane in board)}
    else:
        page = listing.page(request, rows.for_screen())  # type: ignore[attr-defined]  # -- see above
        shown = [
            (row, [(page.cell[column.key], cells.list_cell(column, row)) for column in columns[1:]])
            for row in page.page
        ]
        context |= {"list": replace(page, columns=page.columns), "rows": shown, "count": page.count}
    context["words"] = register.count(context["count"])
    return render(request, "mission/row_list.html", context)


@require_safe
def row_export(request: UserRequest, register: Register) -> HttpResponse:
    """Exactly the rows shown, whole; with the columns chosen, else with all of them."""
    term = term_of(request, register)
    form, rows = filtered(register, request.user, term, request.GET)
    columns: Sequence[RegisterColumn] = register.all_columns
    if request.GET.getlist("col"):
        columns = chosen_columns(register, request.GET)
    about = [
        f"{register.title}, {term.assembly.name}",
        *(form.told() or [_("Sans filtre")]),
        _("Fait le %(moment)s par %(name)s")
        % {"moment": moment_words(timezone.now()), "name": request.user.get_full_name()},
    ]
    return list_of(register, list(columns)).file(request, rows.for_screen(), about)  # type: ignore[attr-defined]  # -- of every register's manager
