"""Tables declared by their columns: the label of each, how it sorts, what the exported file holds of it.

    TABLE = Table(
        _("Séances"),
        [
            Column(_("Titre"), "title", key="titre", order=["title"]),
            Column(_("Date"), "starts_at", key="date", order=["starts_at"]),
            Column(_("Viennent"), "coming", key="viennent", number=True),
            Column(_("Lieu"), "place_name"),  # no key: in the file alone
        ],
        default="-date",
    )
    TABLE.page(request, rows)  # what the template shows
    TABLE.file(request, rows)  # all the same rows as a spreadsheet that describes itself

The template writes the cells by hand, `<td {{ list.cell.date }}>…</td>`, in the order of the columns.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assembly.files.spreadsheets import CSV, file_of
from assembly.lists.columns import Column
from assembly.text.french import Label, format_moment
from assembly.web.forms import ListFilter
from assembly.web.pagination import PAGE, Page, Sorting, first_page, keyset_page, sorting, sorting_by


@dataclass(frozen=True)
class ListPage[Row: Model]:
    """Variables of a template that shows a list.

    `page`, `count` (of all pages), `order`, `columns` for `ui/table_head.html`. `cell`: the attributes of each `<td>`,
    by the key of its column.
    """

    page: Page[Row]
    count: int
    order: Sorting
    columns: Sequence[Mapping[str, Any]]
    cell: Mapping[str, SafeString]


@dataclass(frozen=True)
class Table:
    """Table declared by its columns: sorted, paged, exported.

    `title`: the name of the file. `default`: the order without `?tri=`. `orders`: those that have no column.
    """

    title: Label
    columns: Sequence[Column]
    default: str = ""
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    size: int = PAGE

    @cached_property
    def sortable(self) -> dict[str, Sequence[str]]:
        return {**{column.key: column.order for column in self.columns if column.order}, **self.orders}

    @property
    def screen_columns(self) -> list[Column]:
        return [column for column in self.columns if column.key]

    def with_columns(self, columns: Sequence[Column]) -> Self:
        """Return the table with these columns alone; the others can still be sorted by."""
        hidden = {column.key: column.order for column in self.columns if column.order and column not in columns}
        return replace(self, columns=columns, orders={**self.orders, **hidden})

    def ordering(self, request: HttpRequest) -> Sorting:
        return sorting(request, self.sortable, self.default)

    def sorted_by(self, asked: str) -> Sorting:
        """Return the order of a `?tri=` value without its request; the default order for an unknown column."""
        known = asked if asked.removeprefix("-") in self.sortable else self.default
        return sorting_by(known, self.sortable)

    def page[Row: Model](self, request: HttpRequest, rows: QuerySet[Row], count: int | None = None) -> ListPage[Row]:
        """Return a page of the rows; `count` is the number of all rows, if known already."""
        order = self.ordering(request)
        page = keyset_page(rows, request, ordering=order.ordering, size=self.size)
        counted = len(page) if page.is_alone else rows.count() if count is None else count
        return self.build_page(order, page, counted)

    def first_rows[Row: Model](self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Return the rows of the first page and one more, for a statement that is compiled once (`default_page`)."""
        return rows.order_by(*sorting_by(self.default, self.sortable).ordering, "pk")[: self.size + 1]

    def default_page[Row: Model](
        self, request: HttpRequest, rows: Iterable[Row], count: Callable[[], int]
    ) -> ListPage[Row]:
        """Return the page of an address without parameters.

        `rows`: those of `first_rows`. `count`: called only where there is a second page.
        """
        page = first_page(list(rows), self.size)
        return self.build_page(self.ordering(request), page, len(page) if page.is_alone else count())

    def build_page[Row: Model](self, order: Sorting, page: Page[Row], count: int) -> ListPage[Row]:
        return ListPage(
            page=page,
            count=count,
            order=order,
            columns=[
                {
                    "label": column.short_label or column.label,
                    "key": column.key if column.order else "",
                    "number": column.number,
                }
                for column in self.screen_columns
            ],
            cell={
                column.key: format_html(
                    '{}data-l="{}"',
                    SafeString('class="r" ') if column.number else "",
                    column.short_label or column.label,
                )
                for column in self.screen_columns
            },
        )

    def file[Row: Model](
        self, request: HttpRequest, rows: QuerySet[Row], form: ListFilter | None = None, place: str = ""
    ) -> HttpResponse:
        """Return the file of the whole list, filtered and sorted as shown."""
        return self.described_file(request, rows.order_by(*self.ordering(request).ordering, "pk"), form, place)

    def described_file(
        self, request: HttpRequest, rows: Iterable[Any], form: ListFilter | None = None, place: str = ""
    ) -> HttpResponse:
        """Return the file of sorted rows as CSV, or in the format of `?format=`.

        The file says which place it is about, what `form` filters, when and by whom it was made.
        """
        user: Any = request.user
        about = [
            ", ".join(filter(None, [capfirst(str(self.title)), place])),
            *((form.summary() if form else []) or [_("Sans filtre")]),
            _("Fait le %(moment)s par %(name)s")
            % {"moment": format_moment(timezone.now()), "name": user.get_full_name()},
        ]
        return self.write_file(rows, request.GET.get("format", CSV), about)

    def data(self, rows: Iterable[Any]) -> HttpResponse:
        """Return a CSV for programs: a header and rows, without a note."""
        return self.write_file(rows, CSV, ())

    def write_file(self, rows: Iterable[Any], kind: str, about: Sequence[str]) -> HttpResponse:
        columns = [column for column in self.columns if column.value is not None]
        header = [str(column.label) for column in columns]
        return file_of(
            kind, str(self.title), header, ([column.value_of(row) for column in columns] for row in rows), about
        )
