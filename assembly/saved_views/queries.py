"""Which views a list offers, who may open one, what it shows.

Who shared a view must still see the list, and who opens it must belong where it is shared: asked each time, of the
page as of the mail.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from assembly.institution.models import Term
from assembly.institution.rules import directorates_of
from assembly.saved_views.models import SavedView
from assembly.saved_views.registry import KeptList, kept_lists
from assembly.ui.idempotency import TERM_FIELD

NOT_KEPT = {"apres", "avant", "monter", "format", "vue_de", TERM_FIELD}


def kept_query(asked: QueryDict) -> str:
    """The address of a list without its page."""
    pairs = [(key, value) for key in asked if key not in NOT_KEPT for value in asked.getlist(key) if value]
    return urlencode(pairs)


def views_of(kept: KeptList, user: Any, term: Term) -> list[SavedView]:
    """Those that a list offers: one’s own, and what colleagues who still see it share with the team."""
    place = {"term": term} if kept.by_term else {"assembly": term.assembly_id}
    found = SavedView.objects.filter(Q(created_by=user) | Q(is_shared=True), list_key=kept.key, **place)
    rows = list(found.select_related("created_by__person", "term").order_by("name__alphabetical", "pk").for_screen())
    authors: dict[int, Any] = {user.pk: user}
    for view in rows:
        view.created_by = authors.setdefault(view.created_by_id, view.created_by)  # whose roles are read once
    return [view for view in rows if list_of(view)]


def list_of(view: SavedView) -> KeptList | None:
    """The list, while the author of the view still sees it there."""
    found = kept_lists().get(view.list_key)
    return found if found and found.can_enter(view.created_by, view.term) else None


def may_open(view: SavedView, user: Any) -> bool:
    """Own, shared with the team that sees the list, or with a directorate of the reader."""
    found = list_of(view)
    if found is None:
        return False
    if found.can_enter(user, view.term):
        return view.is_shared or view.created_by_id == user.pk
    return found.for_directorates and view.directorate_id is not None and view.directorate_id in directorates_of(user)


def view_behind(token: str, user: Any) -> SavedView | None:
    """The view of a link; None for a link that nobody gave, or that is not for this reader (any more)."""
    rows = SavedView.objects.select_related("created_by__person", "term__assembly", "directorate")
    view = rows.filter(token=token).first() if token.isascii() and "\x00" not in token else None
    return view if view and may_open(view, user) else None


def rows_shown(view: SavedView, kept: KeptList, user: Any) -> QuerySet[Any]:
    """What a view shows to a reader who may open it."""
    seen_by = view.created_by if kept.of_author else user
    return kept.rows(seen_by, view.term, kept.form(seen_by, view.term, QueryDict(view.query)))
