"""Tables declared by their columns: what each shows, how it sorts, what the exported file holds of it.

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

`column` makes a column from the field of a model. The template writes the cells by hand,
`<td {{ list.cell.date }}>…</td>`, in the order of the columns.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from operator import attrgetter
from typing import Any, Self

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    IntegerField,
    Model,
    QuerySet,
    TextField,
)
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assembly.files.sheets import Heading, Kind, Worksheet
from assembly.files.spreadsheets import CSV, file_of
from assembly.text.french import Label, format_moment
from assembly.web.forms import ListFilter
from assembly.web.pagination import PAGE, Page, Sorting, first_page, keyset_page, sorting, sorting_by
from assembly.web.templatetags.ui import nbsp, state
from assembly.web.values import NOTHING, format_value

BREAK = re.compile(r"<(?:br|p)\b[^>]*>")
CHUNK = 2000  # rows of a file that are in memory at once

type Value = str | Callable[[Any], object]
type Rule = Callable[[Any, Any], bool]


def always(user: Any, term: Any) -> bool:
    return True


@dataclass(frozen=True)
class Column:
    """Column of a list.

    `label`: its heading. `value`: what the file holds, an attribute (`committee.name`) or a function of the row; none
    for a column of the screen alone. `key`: its name in the template and in `?tri=`; none for a column of the file
    alone. `order`: the fields it sorts by. `number`: aligned to the right. `short_label`: shorter, for the screen.
    `cell`: what the screen shows, where that is more than the value; `note`: small text below it. `is_default`:
    whether it is shown before a reader chooses columns. `is_header`: the cell that names the row, else the first one.
    `can_see(user, term)`: who has this column; `is_shared`: whether a saved view shows it to others. `kind`: of its
    values, in a workbook, whose cells offer the `choices`.
    """

    label: Label
    value: Value | None = None
    key: str = ""
    order: Sequence[str] = ()
    number: bool = False
    short_label: Label = ""
    is_default: bool = True
    cell: Callable[[Any], object] | None = None
    note: Callable[[Any], object] | None = None
    is_header: bool = False
    can_see: Rule = always
    is_shared: bool = True
    kind: Kind = Kind.GENERAL
    choices: Sequence[Label] = ()

    @property
    def screen_label(self) -> Label:
        """Return its heading on a screen: the short one, else with the sign of its unit instead of the name."""
        return self.short_label or str(self.label).replace(", en euros", ", €").replace(", en pour cent", ", %")

    @property
    def heading(self) -> Heading:
        """Return its heading in a file."""
        return Heading(str(self.label), self.kind, [str(choice) for choice in self.choices])

    def value_of(self, row: Any) -> object:
        """Return what the file holds of a row."""
        value = self.value(row) if callable(self.value) else attrgetter(str(self.value))(row)
        return value() if callable(value) else value

    def shown_of(self, row: Any) -> Any:
        """Return what the screen shows of a row, without its note."""
        return format_value(self.cell(row) if self.cell else self.value_of(row))

    def note_of(self, row: Any) -> SafeString:
        """Return the small text below the value, with its line break; nothing where there is none."""
        note = self.note(row) if self.note else ""
        return format_html('<br><span class="soft small">{}</span>', format_value(note)) if note else SafeString()

    def cell_of(self, row: Any) -> Any:
        """Return the content of the cell of a row."""
        return format_html("{}{}", self.shown_of(row), self.note_of(row)) if self.note else self.shown_of(row)


def model_field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def label_of(model: type[Model], name: str) -> str:
    """Return the label of a field, with a capital."""
    return capfirst(str(model_field(model, name).verbose_name))


def column(model: type[Model], name: str, key: str = "", **more: Any) -> Column:
    """Return the column of a field. `key`: its word in the URL, else its name; `more`: see Column."""
    field = model_field(model, name)
    value: Any = f"get_{name}_display" if field.choices else name
    order = [name]
    if field.many_to_one:
        value, order = lambda row: name_of(getattr(row, name)), []
    elif isinstance(field, ArrayField):
        value, order = lambda row: ", ".join(getattr(row, name)), []
    elif isinstance(field, CharField | TextField) and not field.choices:
        order = [f"{name}__alphabetical"]
    number = isinstance(field, DecimalField | IntegerField)
    choices = [label for choice, label in field.flatchoices if choice not in (None, "")]
    own = {"value": value, "order": order, "number": number, "kind": kind_of(field), "label": label_of(model, name)}
    return Column(key=key or name, **own | {"choices": choices} | more)


def name_of(related: Any) -> str:
    """Return how a field of choices names a row, which may be none; a person by their name, not by their address."""
    return related.get_full_name() if hasattr(related, "get_full_name") else str(related or "")


def kind_of(field: Any) -> Kind:
    """Return the kind of the values of a field, of a model or a form; amounts and shares are known by their label."""
    if getattr(field, "choices", None):
        return Kind.GENERAL
    kinds: dict[Any, Kind] = {
        (DateTimeField, forms.DateTimeField): Kind.MOMENT,
        (DateField, forms.DateField): Kind.DAY,
        (DecimalField, forms.DecimalField): Kind.NUMBER,
        (IntegerField, forms.IntegerField): Kind.INTEGER,
        (CharField, forms.CharField): Kind.TEXT,
    }
    return next((kind for types, kind in kinds.items() if isinstance(field, types)), Kind.GENERAL)


def text_of_cell(content: Any) -> str:
    """Return the content of a cell as text in one line."""
    return unescape(strip_tags(BREAK.sub(" ", str(content))))


def stacked(*parts: Any) -> SafeString:
    """Return the parts that are not empty, one below the other."""
    return format_html_join(
        SafeString("<br>"), "{}", ((format_value(part),) for part in parts if part not in ("", None))
    )


def small(text: Any) -> SafeString:
    return format_html('<span class="soft small">{}</span>', nbsp(text))


def reference_cell(row: Any) -> Any:
    """Return the reference of a row, which a draft has not."""
    return format_html('<span class="ref">{}</span>', row.reference) if row.reference else NOTHING


def state_cell(row: Any) -> SafeString:
    """Return the badge of the state of a row."""
    return state(row.state_badge, row.get_state_display())


def acts_cell(name: Any, acts: Iterable[tuple[str, Label]]) -> SafeString:
    """Return links to acts on a row (address and label), which name the row to those who hear them."""
    link = '<a class="btn btn-quiet btn-sm" href="{}">{}<span class="vh"> {}</span></a>'
    links = format_html_join("", link, ((url, label, name) for url, label in acts))
    return format_html('<span class="actions">{}</span>', links)


def standing_cell(row: Any) -> SafeString:
    """Return the badge of where a row stands, whose word may differ from its state."""
    return state(row.standing.state_badge, row.standing.word)


def chosen_columns(columns: Sequence[Column], asked: QueryDict) -> list[Column]:
    """Return the columns of `?col=…&col=…` in that order, always with the first one; `monter=` moves one up.

    The first column is alone where it alone is named.
    """
    by_key = {column.key: column for column in columns if column.key}
    first = next(iter(by_key))
    keys = [key for key in dict.fromkeys(asked.getlist("col")) if key in by_key]
    keys = keys or [column.key for column in by_key.values() if column.is_default]
    keys = [key for key in keys if key != first]
    if (moved := asked.get("monter", "")) in keys[1:]:
        place = keys.index(moved)
        keys[place - 1 : place + 1] = [moved, keys[place - 1]]
    return [by_key[key] for key in (first, *keys)]


def column_parameters(shown: Sequence[Column], asked: QueryDict) -> list[str]:
    """Return the `col` parameters that reproduce these columns, after a move; nothing where the address named none."""
    if not (asked.getlist("col") or "monter" in asked):
        return []
    return [column.key for column in shown[1:]] or [shown[0].key]


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
                    "label": column.screen_label,
                    "key": column.key if column.order else "",
                    "number": column.number,
                }
                for column in self.screen_columns
            ],
            cell={
                column.key: format_html(
                    '{}data-l="{}"',
                    SafeString('class="r" ') if column.number else "",
                    column.screen_label,
                )
                for column in self.screen_columns
            },
        )

    def file[Row: Model](
        self,
        request: HttpRequest,
        rows: QuerySet[Row],
        form: ListFilter | None = None,
        place: str = "",
        more: Sequence[Worksheet] = (),
    ) -> HttpResponse:
        """Return the file of the whole list, filtered and sorted as shown."""
        return self.described_file(request, rows.order_by(*self.ordering(request).ordering, "pk"), form, place, more)

    def title_with(self, form: ListFilter) -> str:
        """Return the title with the filters that are set: « Candidatures · Canton : Luchon · Genre : femme »."""
        return " · ".join([str(self.title), *form.summary()])

    def described_file(
        self,
        request: HttpRequest,
        rows: Iterable[Any],
        form: ListFilter | None = None,
        place: str = "",
        more: Sequence[Worksheet] = (),
    ) -> HttpResponse:
        """Return the file of sorted rows as CSV, or in the format of `?format=`, a workbook with `more` sheets.

        The file says which place it is about, what `form` filters, when and by whom it was made.
        """
        user: Any = request.user
        about = [
            ", ".join(filter(None, [capfirst(str(self.title)), place])),
            *((form.summary() if form else []) or [_("Sans filtre")]),
            _("Fait le %(moment)s par %(name)s")
            % {"moment": format_moment(timezone.now()), "name": user.get_full_name()},
        ]
        return self.write_file(rows, request.GET.get("format", CSV), about, more)

    def data(self, rows: Iterable[Any]) -> HttpResponse:
        """Return a CSV for programs: a header and rows, without a note."""
        return self.write_file(rows, CSV, ())

    def write_file(
        self, rows: Iterable[Any], kind: str, about: Sequence[str], more: Sequence[Worksheet] = ()
    ) -> HttpResponse:
        return file_of(kind, self.sheet(rows), about, more)

    def sheet(self, rows: Iterable[Any]) -> Worksheet:
        """Return the rows as a sheet; those of a queryset are read in chunks."""
        columns = [column for column in self.columns if column.value is not None]
        rows = rows.iterator(CHUNK) if isinstance(rows, QuerySet) else rows
        values = ([column.value_of(row) for column in columns] for row in rows)
        return Worksheet(str(self.title), [column.heading for column in columns], values)
