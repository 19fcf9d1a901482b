"""Keyset pagination: a page starts after a row, not at an offset, so it stays right while rows are added and removed.

The address holds only the number of the row (`?apres=12`, `?avant=40`): no personal name reaches a log.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from assembly.text.french import Alphabetical

PAGE = 25
LONG_PAGE = 50
WHOLE_LIST = 200  # at most so many rows are shown on one page, to be searched, printed and selected at once
BIGGEST_KEY = 2**63 - 1
WHOLE_NUMBER = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True)
class Page[M: Model]:
    """Rows of one page, and the keys at which the page before and the page after begin."""

    rows: list[M]
    before: int | None
    after: int | None

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_alone(self) -> bool:
        return self.before is None and self.after is None


@dataclass(frozen=True)
class Sorting:
    """Sort order chosen in the address, among those the list allows."""

    column: str
    descending: bool
    ordering: tuple[str, ...]

    @property
    def value(self) -> str:
        return f"-{self.column}" if self.descending else self.column


def sorting(request: HttpRequest, columns: Mapping[str, Sequence[str]], default: str) -> Sorting:
    """Read `?tri=nom` or `?tri=-nom`; anything that is not a column of the list gives the default order."""
    asked = request.GET.get("tri", default)
    if asked.removeprefix("-") not in columns:
        asked = default
    return sorting_by(asked, columns)


def sorting_by(asked: str, columns: Mapping[str, Sequence[str]]) -> Sorting:
    """Return the order by a column of the list, with `-` for descending."""
    column, descending = asked.removeprefix("-"), asked.startswith("-")
    ordering = tuple(columns[column])
    return Sorting(column, descending, tuple(flipped(name) for name in ordering) if descending else ordering)


def keyset_page[M: Model](
    queryset: QuerySet[M], request: HttpRequest, *, ordering: Sequence[str] = ("pk",), size: int = PAGE
) -> Page[M]:
    """Return one page of `queryset` in `ordering` (names with or without `-`; the key is appended as tie-breaker).

    A number that is no longer a row, or not a number at all, gives the first page.
    """
    order = tuple(ordering) if ordering[-1].lstrip("-") == "pk" else (*ordering, "pk")
    backward = "avant" in request.GET
    edge = edge_values(queryset, request.GET.get("avant" if backward else "apres"), order)
    backward = backward and edge is not None
    walk = tuple(flipped(name) for name in order) if backward else order
    rows = queryset.order_by(*walk)
    if edge is not None:
        rows = rows.filter(beyond(queryset.model, walk, edge))
    page_rows = list(rows[: size + 1])
    more = len(page_rows) > size
    page_rows = page_rows[:size][::-1] if backward else page_rows[:size]
    has_before = more if backward else edge is not None
    has_after = True if backward else more
    return Page(
        page_rows,
        page_rows[0].pk if page_rows and has_before else None,
        page_rows[-1].pk if page_rows and has_after else None,
    )


def first_page[M: Model](rows: list[M], size: int) -> Page[M]:
    """Return the first page of rows that were read from the start, one more than it shows."""
    shown = rows[:size]
    return Page(shown, None, shown[-1].pk if len(rows) > size else None)


def flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def edge_values(queryset: QuerySet, key: str | None, order: Sequence[str]) -> tuple[Any, ...] | None:
    """Return the sort values of the row `key`, even if it has just left the list."""
    if not key or not WHOLE_NUMBER.fullmatch(key) or int(key) > BIGGEST_KEY:
        return None
    names = [name.lstrip("-") for name in order]
    try:
        return queryset.model._base_manager.filter(pk=key).values_list(*names).first()
    except FieldError:  # ordered by an annotation, which only the list itself has
        return queryset.order_by().filter(pk=key).values_list(*names).first()


def beyond(model: type[Model], order: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the filter of rows after `values` in `order`; NULL sorts as in PostgreSQL (last when ascending)."""
    condition, same = Q(pk__in=[]), Q()
    for name, value in zip(order, values, strict=True):
        field, descending = name.lstrip("-"), name.startswith("-")
        if value is None:
            step = Q(**{f"{field}__isnull": False}) if descending else Q(pk__in=[])
            equal = Q(**{f"{field}__isnull": True})
        else:
            step = Q(**{f"{field}__{'lt' if descending else 'gt'}": value})
            if not descending and may_be_empty(model, field):
                step |= Q(**{f"{field}__isnull": True})
            equal = Q(**{field: value})
        condition |= same & step
        same &= equal
    return condition


def column_of(name: str) -> str:
    """Return the sort column without the transform that computes its key."""
    return name.removesuffix(f"__{Alphabetical.lookup_name}")


def may_be_empty(model: type[Model], name: str) -> bool:
    """Return False only for a plain column that refuses NULL; a joined or computed one may be empty."""
    try:
        return name != "pk" and getattr(model._meta.get_field(column_of(name)), "null", True)
    except FieldDoesNotExist:
        return True
