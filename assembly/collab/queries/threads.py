"""What is said beside a text, and to whom a word there may be addressed."""

from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch, QuerySet

from assembly.collab import rules
from assembly.collab.models import Comment, SharedText, Thread
from assembly.collab.queries.texts import readers_of
from assembly.identity.models import User


def threads_of(text: SharedText, user: Any) -> QuerySet[Thread]:
    """The threads of a text with their comments, the oldest first; none for whoever may not read the text."""
    if not rules.can_read(user, text):
        return Thread.objects.none()
    comments = Comment.objects.select_related("author__person").for_screen()
    return (
        Thread.objects.filter(text=text)
        .select_related("opened_by__person", "assigned_to__person", "resolved_by__person", "directorate")
        .prefetch_related(Prefetch("comments", comments))
        .for_screen()
    )


def mentioned(text: SharedText, body: str, chosen: Collection[int] = ()) -> list[User]:
    """Readers of the text who were chosen, or whose name follows an « @ » in the words."""
    said = body.casefold()
    return [user for user in readers_of(text) if user.pk in chosen or f"@{user.get_full_name().casefold()}" in said]
