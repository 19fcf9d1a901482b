"""Lists declared once: their page, filters, columns, files and saved views are made from the declaration.

    REFERRALS = List(
        _("Saisines"),
        [
            Column(_("Titre"), "title", "titre", ["title__alphabetical"]),
            Column(_("Référence"), "reference", "reference", ["reference"], cell=reference_cell),
            Column(_("État"), "get_state_display", "etat", ["state"], cell=state_cell),
        ],
        key="referrals",
        route="consultations:list",
        export="consultations:export",
        row_route="consultations:referral",
        can_open=can_see_desk,
        rows=listing,
        counted=ngettext_lazy("%(n)s saisine", "%(n)s saisines", "n"),
        filters=[by_choice(Referral, "state", every=_("Tous les états"))],
        search=any_word_in("title", "reference"),
        empty=Empty(_("Aucune saisine pour le moment")),
    )

`assembly.institution.pages` makes the views; `add_list` offers it to saved views.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from assembly.files.sheets import Worksheet
from assembly.lists.filters import Filter, FilterForm, Search
from assembly.lists.selection import Selection
from assembly.lists.tables import (
    Column,
    ListPage,
    Rule,
    Table,
    always,
    chosen_columns,
    column_parameters,
    text_of_cell,
)
from assembly.speed.queries import for_screen
from assembly.text.french import Label, format_number
from assembly.web.idempotency import TERM_FIELD

UNSAVED_PARAMETERS = {"apres", "avant", "monter", "format", "vue_de", TERM_FIELD}
PAGE_AND_COLUMNS = {"col", "monter", "apres", "avant"}


@dataclass(frozen=True)
class PageLink:
    """Link on the page of a list: its label and route, `can_follow(user, term)`: who is offered it."""

    label: Label
    route: str
    can_follow: Rule = always
    kind: str = "secondary"

    @property
    def url(self) -> str:
        return reverse(self.route)


@dataclass(frozen=True)
class Empty:
    """What an empty list says: a title, a text, the text for those who are offered no button.

    The button is `button`, else the main one of the list, with `has_button`, where this reader has it.
    """

    title: Label
    text: Label = ""
    text_without_button: Label = ""
    button: PageLink | None = None
    has_button: bool = True


@dataclass(frozen=True)
class Unmatched:
    """What a list says when nothing passes its filters, and the label of the link to all rows."""

    title: Label = _("Rien ne correspond")
    text: Label = _("Essayez un autre mot, ou enlevez un filtre.")
    label: Label = _("Tout voir")


@dataclass(frozen=True)
class ListLine:
    """Row on the page of a list: its key, what names it, its cells (attributes and content).

    `before`, `after`: the cells up to what names the row, and the rest; a loop over cells in a template costs more.
    """

    key: Any
    title: Any
    cells: Sequence[tuple[str, Any]]
    header: int

    @property
    def name(self) -> str:
        """Return the name for the box that ticks the row."""
        return text_of_cell(self.title)

    @property
    def before(self) -> SafeString:
        return self.html(0, self.header + 1)

    @property
    def after(self) -> SafeString:
        return SafeString("</th>") + self.html(self.header + 1, len(self.cells))

    def html(self, start: int, end: int) -> SafeString:
        """Return these cells; that which names the row is left open, for what is added to it."""
        parts = [
            f"<td {attributes}>{conditional_escape(content)}</td>"
            if start + at != self.header
            else f'<th scope="row">{conditional_escape(content)}'
            for at, (attributes, content) in enumerate(self.cells[start:end])
        ]
        return mark_safe("".join(parts))  # noqa: S308 -- attributes come from `format_html`, contents are escaped


@dataclass(frozen=True)
class ShownList:
    """List on its page, for the widgets of higher packages: its key, term and address without page, its rows."""

    key: str
    term: Any
    query: str
    count: int


@dataclass(frozen=True, kw_only=True)
class List(Table):
    """List of the rows that a reader sees in a term: a page, a file, saved views.

    `key`: its name in the address of its saved views. `route`, `export`: names of the routes of page and file.
    `row_route`: the page of a row, by its `row_key`, for readers whom `can_open_row` lets in. `can_open(user, term)`:
    who opens the list. `rows(user, term)`: what this reader sees. `counted`: the noun with a number, from
    `ngettext_lazy` with `n`.

    `parent`: the page above. `heading`: the title of the page, if it is not that of the file; `lead`: the text below
    it, or a function of reader and term, else the name of the term. `filters`, `search` (`any_word_in`): see
    `FilterForm`; `filter_source(term)`: what functions of choices get. `buttons`: of the head.
    `selection(user, term)`: the acts on ticked rows. `widgets`: the name under which higher apps add to its rows.
    `more(user, term, form)`: variables of `template`; a `count` in it is that of all rows. `first_page(user, term)`:
    the rows of an address without parameters, of a statement that is compiled once; None for a reader without one.

    Saved views: `by_term`: a view of one term is not offered in another. `for_directorates`: may be shared with one.
    `as_author`: a shared view shows what its author sees, for a list of which its readers would see nothing; otherwise
    what its reader sees.
    """

    key: str
    route: str
    can_open: Rule
    rows: Callable[[Any, Any], QuerySet[Any]]
    counted: Any
    export: str = ""
    row_route: str = ""
    row_key: str = "pk"
    can_open_row: Rule = always
    parent: PageLink | None = None
    heading: Label = ""
    lead: Label | Callable[[Any, Any], Label] = ""
    filters: Sequence[Filter] = ()
    filter_source: Callable[[Any], Any] = lambda term: term
    search: Search | None = None
    search_label: Label = _("Chercher")
    buttons: Sequence[PageLink] = ()
    selection: Callable[[Any, Any], Selection[Any] | None] = lambda user, term: None
    widgets: str = ""
    more: Callable[[Any, Any, FilterForm], Mapping[str, Any]] = lambda user, term, form: {}
    first_page: Callable[[Any, Any], Iterable[Any] | None] | None = None
    empty: Empty
    unmatched: Unmatched = Unmatched()
    template: str = "lists/list.html"
    by_term: bool = True
    for_directorates: bool = False
    as_author: bool = False

    def __post_init__(self) -> None:
        for column in self.screen_columns:
            if column.value is None and column.cell is None:
                raise ValueError(f"List {self.key!r}, column {column.key!r}: give it a `value` or a `cell`.")

    @property
    def url(self) -> str:
        return reverse(self.route)

    def count_text(self, n: int) -> str:
        """Return the number of rows with its noun: « 1 204 saisines »."""
        return str(self.counted % {"n": n}).replace(str(n), format_number(n), 1)

    def seen_by(self, user: Any, term: Any) -> Self:
        """Return the list with the columns that this reader has; no other can be sorted by."""
        seen = [column for column in self.columns if column.can_see(user, term)]
        return self if len(seen) == len(self.columns) else replace(self, columns=seen)

    def form(self, user: Any, term: Any, asked: QueryDict) -> FilterForm:
        """Return the filters of an address."""
        filters = [each for each in self.filters if each.can_see(user, term)]
        source = self.filter_source(term) if filters else None
        search = self.search
        condition = (lambda text: search(text, user, term)) if search else None
        return FilterForm(asked, filters, source, condition, self.search_label)

    def filtered_rows(self, user: Any, term: Any, form: FilterForm) -> QuerySet[Any]:
        """Return the rows that this reader sees and that pass the filters."""
        return for_screen(self.rows(user, term).filter(form.condition()))

    def offered_buttons(self, user: Any, term: Any) -> list[PageLink]:
        """Return the buttons of the head that this reader may follow."""
        return [each for each in self.buttons if each.can_follow(user, term)]

    def empty_button(self, user: Any, term: Any) -> PageLink | None:
        if self.empty.button:
            return self.empty.button if self.empty.button.can_follow(user, term) else None
        main = (each for each in self.offered_buttons(user, term) if each.kind == "primary")
        return next(main, None) if self.empty.has_button else None

    def shown_table(self, user: Any, term: Any, asked: QueryDict, *, is_shared: bool = False) -> Self:
        """Return the list with the columns of an address; `is_shared`: those that a saved view shows to others."""
        seen = self.seen_by(user, term)
        columns = [column for column in seen.columns if column.is_shared or not is_shared]
        return seen.with_columns(chosen_columns(columns, asked))

    # The page and the file.

    def page_of(self, request: HttpRequest, term: Any) -> HttpResponse:
        """Return the page of the list for this term, which the caller has checked with `can_open`."""
        return render(request, self.template, self.context(request, term))

    def context(self, request: HttpRequest, term: Any) -> dict[str, Any]:
        """Return the variables of `lists/list.html`."""
        user = request.user
        form = self.form(user, term, request.GET)
        more = self.more(user, term, form)
        shown = self.shown_table(user, term, request.GET)
        first_rows = self.first_page(user, term) if self.first_page and not request.GET else None
        if first_rows is None:
            page = shown.page(request, self.filtered_rows(user, term, form), more.get("count"))
        else:  # The query of all rows is not even built.
            count = more.get("count")
            page = shown.default_page(
                request, first_rows, lambda: self.filtered_rows(user, term, form).count() if count is None else count
            )
        return {
            **self.frame(request, term, form, shown, page.count),
            "list": page,
            "lines": self.lines(page, shown.columns, can_open_row=self.can_open_row(user, term)),
            "selection": self.selection(user, term),
            **more,
        }

    def frame(self, request: HttpRequest, term: Any, form: FilterForm, shown: Table, count: int) -> dict[str, Any]:
        """Return the variables of the page around the rows: head, filters, choice of the columns `shown`, files."""
        user, columns = request.user, shown.columns
        hidden = [column for column in self.seen_by(user, term).screen_columns if column not in columns]
        query = request.GET.copy()
        query.setlist("col", column_parameters(columns, request.GET))
        saved = query_to_save(query)
        return {
            "declared": self,
            "shown": ShownList(self.key, term, saved, count),
            "parent": self.parent if self.parent and self.parent.can_follow(user, term) else None,
            "term": term,
            "lead": (self.lead(user, term) if callable(self.lead) else self.lead) or term.name,
            "form": form,
            "count": count,
            "words": self.count_text(count),
            "buttons": self.offered_buttons(user, term),
            "empty_button": self.empty_button(user, term),
            "is_saved": self.key in lists(),
            "query": saved,
            "hidden": [("col", key) for key in query.getlist("col")],
            "parameters": [pair for pair in pairs_of(request.GET) if pair[0] not in PAGE_AND_COLUMNS],
            "first_column": columns[0].key,
            "chosen": [*((column, True) for column in columns[1:]), *((column, False) for column in hidden)],
        }

    def lines(self, page: ListPage[Any], columns: Sequence[Column], *, can_open_row: bool) -> list[ListLine]:
        header = next((column for column in columns if column.is_header), columns[0])
        place, has_link = columns.index(header), bool(self.row_route) and can_open_row
        lines = []
        for row in page.page:
            cells = [(page.cell[column.key], column.cell_of(row)) for column in columns]
            title = header.shown_of(row)
            url = reverse(self.row_route, args=[getattr(row, self.row_key)]) if has_link else ""
            cells[place] = (SafeString(), header_cell(title, url, header.note_of(row)))
            lines.append(ListLine(row.pk, title, cells, place))
        return lines

    def file_of(
        self, request: HttpRequest, term: Any, more: Callable[[QuerySet[Any]], Sequence[Worksheet]] = lambda rows: ()
    ) -> HttpResponse:
        """Return the rows of the list, on all pages, as a file; the columns chosen, else all of them.

        `more(rows)`: further sheets about these rows, in a workbook of all columns.
        """
        user = request.user
        form = self.form(user, term, request.GET)
        rows, table = self.filtered_rows(user, term, form), self.seen_by(user, term)
        if request.GET.getlist("col"):
            table, more = self.shown_table(user, term, request.GET), lambda rows: ()
        place = term.name if self.by_term else term.assembly.name
        return table.file(request, rows, form, place, more(rows))


def header_cell(name: Any, url: str, note: SafeString) -> SafeString:
    """Return the cell that names a row, a link where the reader may open it."""
    return format_html('<a href="{}">{}</a>{}', url, name, note) if url else format_html("{}{}", name, note)


def query_to_save(asked: QueryDict) -> str:
    """Return the query string of a list without its page."""
    return urlencode([(key, value) for key, value in pairs_of(asked) if value and key not in UNSAVED_PARAMETERS])


def pairs_of(asked: QueryDict) -> list[tuple[str, str]]:
    return [(key, value) for key in asked for value in asked.getlist(key)]


_lists: dict[str, List] = {}


def add_list(declared: List) -> None:
    """Offer a list to saved views; raise ValueError for a key that is in use."""
    if _lists.setdefault(declared.key, declared) is not declared:
        raise ValueError(f"Two lists named {declared.key!r}.")


def lists() -> Mapping[str, List]:
    """Return every list that may be saved, by its key."""
    return _lists
