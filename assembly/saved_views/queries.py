"""Which views a list offers, who may open one, what it shows.

The person who shared a view must still have the right to the list, and the reader must belong to those with whom it is
shared: both are checked each time, for the page as for the mail.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from assembly.institution.models import Term
from assembly.institution.rules import directorates_of
from assembly.lists import List, lists
from assembly.saved_views.models import SavedView


def views_of(saved_list: List, user: Any, term: Term) -> list[SavedView]:
    """Return the views that a list offers: one’s own, and those that colleagues share with the team.

    A shared view is left out when its author may no longer open the list.
    """
    scope = {"term": term} if saved_list.by_term else {"assembly": term.assembly_id}
    views = SavedView.objects.filter(Q(created_by=user) | Q(is_shared=True), list_key=saved_list.key, **scope)
    rows = list(views.select_related("created_by__person", "term").order_by("name__alphabetical", "pk").for_screen())
    authors: dict[int, Any] = {user.pk: user}
    for view in rows:
        # One object for each author, so that their roles are read once.
        view.created_by = authors.setdefault(view.created_by_id, view.created_by)
    return [view for view in rows if list_of(view)]


def list_of(view: SavedView) -> List | None:
    """Return the list of a view while its author may still open it there, else None."""
    saved_list = lists().get(view.list_key)
    return saved_list if saved_list and saved_list.can_open(view.created_by, view.term) else None


def can_open(view: SavedView, user: Any) -> bool:
    """Return whether the view is the user's own, or shared with the list's team or with the user's directorate."""
    listing = list_of(view)
    if listing is None:
        return False
    if listing.can_open(user, view.term):
        return view.is_shared or view.created_by_id == user.pk
    return (
        listing.for_directorates and view.directorate_id is not None and view.directorate_id in directorates_of(user)
    )


def view_of_token(token: str, user: Any) -> SavedView | None:
    """Return the view of a link; None for an unknown token or one that is not (any more) for this reader."""
    rows = SavedView.objects.select_related("created_by__person", "term__assembly", "directorate")
    view = rows.filter(token=token).first() if token.isascii() and "\x00" not in token else None
    return view if view and can_open(view, user) else None


def rows_shown(view: SavedView, saved_list: List, user: Any) -> QuerySet[Any]:
    """Return the rows of a view for a reader who may open it."""
    seen_by = view.created_by if saved_list.as_author else user
    form = saved_list.form(seen_by, view.term, QueryDict(view.query))
    return saved_list.filtered_rows(seen_by, view.term, form)


def table_shown(view: SavedView, saved_list: List, user: Any) -> List:
    """Return the columns and the order of a view for a reader who may open it."""
    seen_by = view.created_by if saved_list.as_author else user
    return saved_list.shown_table(seen_by, view.term, QueryDict(view.query), is_shared=True)
