"""Lists that may be saved as somebody arranged them: an app registers its own in its `saved_views.py`.

    register(SavedList(
        "referrals", _("Saisines"), "consultations:list", rules.can_see_desk,
        listing=lambda asked: with_plain_columns(LIST),
        form=lambda user, term, asked: ReferralFilterForm(asked, term=term),
        rows=lambda user, term, form: listing(user, term).filter(form.condition()),
        count=lambda n: ngettext("%(n)s saisine", "%(n)s saisines", n) % {"n": n},
    ))

These modules are imported when a view is first read, and not at start: such a module imports the views of its app.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.module_loading import autodiscover_modules

from assembly.institution.models import Term
from assembly.text.french import Label
from assembly.web.lists import Column, List
from assembly.web.values import format_value


def format_cell(column: Column, row: Any) -> Any:
    return format_value(column.value_of(row))


@dataclass(frozen=True)
class SavedList:
    """A list that may be saved.

    `route`: the name of its address. `can_enter(user, term)`: whether a user opens it. `listing(asked)`: the columns
    and the order of an address; `form(user, term, asked)`: its filters. `rows(user, term, form)`: the rows that pass
    them, of those that this reader sees. `by_term`: a view of one term is not offered in another. `for_directorates`:
    its views may be shared with one. `as_author`: a shared view shows what its author sees, for a list of which its
    readers would see nothing; otherwise what its reader sees.
    """

    key: str
    title: Label
    route: str
    can_enter: Callable[[Any, Term], bool]
    listing: Callable[[QueryDict], List]
    form: Callable[[Any, Term, QueryDict], Any]
    rows: Callable[[Any, Term, Any], QuerySet[Any]]
    count: Callable[[int], str]
    cell: Callable[[Any, Any], Any] = format_cell
    by_term: bool = True
    for_directorates: bool = False
    as_author: bool = False


_declared: dict[str, SavedList] = {}


def register(saved_list: SavedList) -> None:
    """Register a list; a key that is registered twice raises ValueError."""
    if saved_list.key in _declared:
        raise ValueError(f"Two lists named {saved_list.key!r}.")
    _declared[saved_list.key] = saved_list


@cache
def saved_lists() -> Mapping[str, SavedList]:
    """Return every list that may be saved, by its key."""
    autodiscover_modules("saved_views")
    return _declared


def with_plain_columns(listing: List) -> List:
    """Return the list with only its columns that need no template, as exported files have them."""
    return listing.with_columns([column for column in listing.screen_columns if column.value is not None])
