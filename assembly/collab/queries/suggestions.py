"""Suggestions in a text: the marks hold the change, the rows hold the author and the decision."""

from dataclasses import dataclass

from assembly.collab.document import suggestions
from assembly.collab.document.suggestions import MarkedSuggestion
from assembly.collab.enums import SuggestionState
from assembly.collab.models import SharedText, Suggestion
from assembly.collab.queries.texts import tree_of
from assembly.identity.models import User


@dataclass(frozen=True)
class OpenSuggestion:
    """An open suggestion, as it stands in the text now; `author` is None when its id names no user."""

    id: str
    kind: str
    inserted: str
    deleted: str
    context: str
    author: User | None


def author_of(mark_id: str) -> int | None:
    """Return the user that the id of a mark names; the engine refuses marks in another user's name."""
    head = mark_id.partition("-")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 19 else None


def open_suggestions(text: SharedText, tree: dict | None = None) -> list[OpenSuggestion]:
    """Return the suggestions without a decision, in the order of the text."""
    marked = suggestions.suggestions_in_order(tree if tree is not None else tree_of(text))
    people = suggestion_authors([item.id for item in marked])
    return [to_open_suggestion(item, people) for item in marked]


def to_open_suggestion(item: MarkedSuggestion, people: dict[int, User]) -> OpenSuggestion:
    author = people.get(author_of(item.id) or 0)
    return OpenSuggestion(item.id, item.kind, item.inserted, item.deleted, item.context, author)


def suggestion_authors(mark_ids: list[str]) -> dict[int, User]:
    """Return the users named by these marks, by key."""
    keys = {pk for mark_id in mark_ids if (pk := author_of(mark_id))}
    return {user.pk: user for user in User.objects.filter(pk__in=keys).select_related("person")}


def decided_suggestions(text: SharedText) -> list[Suggestion]:
    """Return the suggestions with a decision, the latest first."""
    rows = Suggestion.objects.filter(text=text).exclude(state=SuggestionState.OPEN)
    return list(
        rows.select_related("author__person", "decided_by__person").order_by("-decided_at", "-pk").for_screen()
    )
