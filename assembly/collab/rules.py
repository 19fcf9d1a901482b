"""Rules on texts: the right that the owning app grants, limited by the state of the text."""

from typing import Any

from assembly.collab import registry
from assembly.collab.models import Comment, SharedText, Suggestion, SuggestionState, TextRight, TextState, Thread
from assembly.institution.models import DIRECTORATE_ROLES
from assembly.institution.rules import has_role

MOST = {TextState.OPEN: TextRight.WRITE, TextState.ANNOTATING: TextRight.COMMENT, TextState.FROZEN: TextRight.READ}


def within(text_right: TextRight, state: str) -> TextRight:
    """Return the right that remains in that state of the text."""
    return min(text_right, MOST[TextState(state)])


def granted_right(user: Any, text: SharedText) -> TextRight:
    """Return the right that the owning app grants, whatever the state."""
    if not getattr(user, "is_authenticated", False):
        return TextRight.NONE
    return registry.rights([text], [user.pk])[text.pk, user.pk]


def right(user: Any, text: SharedText) -> TextRight:
    """Return the right of `user` in this text now."""
    return within(granted_right(user, text), text.state)


def can_read(user: Any, text: SharedText) -> bool:
    return granted_right(user, text) >= TextRight.READ


def can_comment(user: Any, text: SharedText) -> bool:
    return right(user, text) >= TextRight.COMMENT


def can_suggest(user: Any, text: SharedText) -> bool:
    return right(user, text) >= TextRight.SUGGEST


def can_write(user: Any, text: SharedText) -> bool:
    return right(user, text) >= TextRight.WRITE


def can_decide_suggestion(user: Any, text: SharedText) -> bool:
    """Return whether the user may decide on suggestions of others, as all those who write."""
    return can_write(user, text)


def can_withdraw_suggestion(user: Any, suggestion: Suggestion) -> bool:
    """Return whether the user is its author and it has no decision."""
    return (
        suggestion.author_id == user.pk
        and suggestion.state == SuggestionState.OPEN
        and can_suggest(user, suggestion.text)
    )


def can_reply(user: Any, thread: Thread) -> bool:
    """Return whether the user may comment and the thread is open."""
    return thread.resolved_at is None and can_comment(user, thread.text)


def can_resolve(user: Any, thread: Thread) -> bool:
    """Return whether the user opened the thread, is its assignee or writes the text.

    The thread must be open, and the text at least open to comments.
    """
    if thread.resolved_at is not None or not can_comment(user, thread.text):
        return False
    return concerns(user, thread) or granted_right(user, thread.text) >= TextRight.WRITE


def concerns(user: Any, thread: Thread) -> bool:
    """Return whether the user opened the thread or is its assignee, alone or through a directorate."""
    if user.pk in {thread.opened_by_id, thread.assigned_to_id}:
        return True
    directorate = thread.directorate_id
    return directorate is not None and has_role(user, DIRECTORATE_ROLES, directorate=directorate)


def can_assign(user: Any, thread: Thread) -> bool:
    """Return whether the thread is open and the owning app lets the user assign threads."""
    return can_reply(user, thread) and registry.assignees(thread.text, user) is not None


def can_reopen(user: Any, thread: Thread) -> bool:
    return thread.resolved_at is not None and can_comment(user, thread.text)


def can_withdraw_comment(user: Any, comment: Comment) -> bool:
    """Return whether the comment is the user's own, not withdrawn, and the text may still be read."""
    return comment.author_id == user.pk and comment.withdrawn_at is None and can_read(user, comment.thread.text)


def can_take_version(user: Any, text: SharedText) -> bool:
    """Return whether the user may write the text, whatever its state."""
    return granted_right(user, text) >= TextRight.WRITE


def can_restore(user: Any, text: SharedText) -> bool:
    return can_write(user, text)


def can_see_authors(user: Any, text: SharedText) -> bool:
    """Return whether the user takes part in the text: mere readers do not see who wrote what."""
    return granted_right(user, text) >= TextRight.COMMENT


def abilities(user: Any, text: SharedText) -> dict[str, bool]:
    """Return what `user` may do in the sidebar, by name; the owning app is called once."""
    return abilities_within(granted_right(user, text), text.state)


def abilities_within(text_right: TextRight, state: str) -> dict[str, bool]:
    """Return the same abilities for a right that is known already."""
    now = within(text_right, state)
    return {
        "comment": now >= TextRight.COMMENT,
        "suggest": now >= TextRight.SUGGEST,
        "write": now >= TextRight.WRITE,
        "decide": now >= TextRight.WRITE,
        "take_version": text_right >= TextRight.WRITE,
        "restore": now >= TextRight.WRITE,
        "authors": text_right >= TextRight.COMMENT,
    }
