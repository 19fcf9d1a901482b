"""Pages of a list that stay right while rows come and go: a page starts after a row, not at a count.

The address holds only the number of the row (`?apres=12`, `?avant=40`): no name of a person ever lands in a log.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from assembly.ui.alphabetical import Alphabetical

PAGE = 25
LONG_PAGE = 50
WHOLE_LIST = 200  # at most so many rows stand whole on a page, to be searched, printed and chosen from at once
BIGGEST_KEY = 2**63 - 1
WHOLE_NUMBER = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True)
class Page[M: Model]:
    """Rows of one page and the numbers of the rows that open its neighbours."""

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
    """The column chosen in the address, among those the list allows."""

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
    """`asked`: a column of the list, with `-` for the last first."""
    column, descending = asked.removeprefix("-"), asked.startswith("-")
    ordering = tuple(columns[column])
    return Sorting(column, descending, tuple(flipped(name) for name in ordering) if descending else ordering)


def keyset_page[M: Model](
    queryset: QuerySet[M], request: HttpRequest, *, ordering: Sequence[str] = ("pk",), size: int = PAGE
) -> Page[M]:
    """One page of `queryset` in `ordering` (names with or without `-`; the key is added as last resort).

    A number that is not a row any more, or not a number at all, gives the first page.
    """
    order = tuple(ordering) if ordering[-1].lstrip("-") == "pk" else (*ordering, "pk")
    backward = "avant" in request.GET
    edge = edge_values(queryset, request.GET.get("avant" if backward else "apres"), order)
    backward = backward and edge is not None
    walk = tuple(flipped(name) for name in order) if backward else order
    rows = queryset.order_by(*walk)
    if edge is not None:
        rows = rows.filter(beyond(queryset.model, walk, edge))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size][::-1] if backward else found[:size]
    has_before = more if backward else edge is not None
    has_after = True if backward else more
    return Page(
        found,
        found[0].pk if found and has_before else None,
        found[-1].pk if found and has_after else None,
    )


def first_page[M: Model](found: list[M], size: int) -> Page[M]:
    """The page of rows that were read from the first on, one more than it shows."""
    shown = found[:size]
    return Page(shown, None, shown[-1].pk if len(found) > size else None)


def flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def edge_values(queryset: QuerySet, key: str | None, order: Sequence[str]) -> tuple[Any, ...] | None:
    """Where the row `key` stands in the order, even if it has just left the list."""
    if not key or not WHOLE_NUMBER.fullmatch(key) or int(key) > BIGGEST_KEY:
        return None
    names = [name.lstrip("-") for name in order]
    try:
        return queryset.model._base_manager.filter(pk=key).values_list(*names).first()  # noqa: SLF001 -- documented API
    except FieldError:  # ordered by an annotation, which only the list itself knows
        return queryset.order_by().filter(pk=key).values_list(*names).first()


def beyond(model: type[Model], order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after `values` in `order`, with PostgreSQL's place for the empty ones (last when ascending)."""
    wanted, same = Q(pk__in=[]), Q()
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
        wanted |= same & step
        same &= equal
    return wanted


def column_of(name: str) -> str:
    """The column that is sorted by, without the transform that makes its key."""
    return name.removesuffix(f"__{Alphabetical.lookup_name}")


def may_be_empty(model: type[Model], name: str) -> bool:
    """False only for a plain column that refuses NULL; a joined or computed one may be empty."""
    try:
        return name != "pk" and getattr(model._meta.get_field(column_of(name)), "null", True)  # noqa: SLF001 -- documented API
    except FieldDoesNotExist:
        return True
