"""The sidebar of a text: open suggestions, comment threads, and what the reader may do with each."""

from dataclasses import dataclass, field
from typing import Any

from assembly.collab import registry, rules
from assembly.collab.enums import SuggestionState, TextRight
from assembly.collab.models import Comment, SharedText, Suggestion, Thread
from assembly.collab.queries.suggestions import OpenSuggestion, open_suggestions
from assembly.collab.queries.threads import threads_of
from assembly.collab.registry import Assignees
from assembly.identity.models import User

MOST_DECIDED = 20


@dataclass(frozen=True)
class SuggestionLine:
    """One open suggestion; its author may withdraw it."""

    item: OpenSuggestion
    is_mine: bool
    can_withdraw: bool


@dataclass(frozen=True)
class CommentLine:
    """One message of a thread."""

    comment: Comment
    can_withdraw: bool


@dataclass(frozen=True)
class ThreadLine:
    """One conversation; `orphan` when its passage has left the text."""

    thread: Thread
    comments: list[CommentLine]
    orphan: bool
    can_reply: bool
    can_assign: bool
    can_resolve: bool
    can_reopen: bool


@dataclass(frozen=True)
class Sidebar:
    """The content of `collab/sidebar_list.html`; `assignees` are those to whom this reader may assign a thread."""

    text: SharedText
    user: Any
    can: dict[str, bool]
    suggestions: list[SuggestionLine] = field(default_factory=list)
    threads: list[ThreadLine] = field(default_factory=list)
    treated: list[ThreadLine] = field(default_factory=list)
    decided: list[Suggestion] = field(default_factory=list)
    assignees: Assignees | None = None

    @property
    def count(self) -> int:
        return len(self.suggestions) + len(self.threads)


def sidebar_of(text: SharedText, user: Any, tree: dict[str, Any], granted_right: TextRight) -> Sidebar:
    """Return the sidebar as `user` sees it with `granted_right`, which `rules.granted_right` returns.

    `tree` is the tree of the text.
    """
    now = rules.within(granted_right, text.state)
    marks = marks_of(tree)
    threads = list(threads_of(text, granted_right))
    assignees = registry.assignees(text, user) if threads and now >= TextRight.COMMENT else None
    lines = [thread_line(thread, user, (granted_right, now), marks, assignees) for thread in threads]
    decided = Suggestion.objects.filter(text=text).exclude(state=SuggestionState.OPEN).exclude(decided_by=None)
    return Sidebar(
        text,
        user,
        rules.abilities_within(granted_right, text.state),
        [suggestion_line(item, user, now) for item in open_suggestions(text, tree)],
        [line for line in lines if line.thread.resolved_at is None],
        [line for line in lines if line.thread.resolved_at is not None],
        list(
            decided.select_related("author__person", "decided_by__person")
            .order_by("-decided_at", "-pk")
            .for_screen()[:MOST_DECIDED]
        ),
        assignees,
    )


def suggestion_line(item: OpenSuggestion, user: User, now: TextRight) -> SuggestionLine:
    is_mine = item.author is not None and item.author.pk == user.pk
    return SuggestionLine(item, is_mine, is_mine and now >= TextRight.SUGGEST)


def thread_line(
    thread: Thread, user: User, rights: tuple[TextRight, TextRight], marks: set[str], assignees: Assignees | None
) -> ThreadLine:
    """Return the line of a thread by the rules of rules.py; `rights` (granted, current) are read once for all."""
    granted, now = rights
    may_comment = now >= TextRight.COMMENT
    is_open = thread.resolved_at is None
    is_assignee_or_writer = granted >= TextRight.WRITE or rules.concerns(user, thread)
    return ThreadLine(
        thread,
        [
            CommentLine(comment, comment.author_id == user.pk and comment.withdrawn_at is None)
            for comment in thread.comments.all()
        ],
        bool(thread.anchor) and thread.anchor not in marks,
        may_comment and is_open,
        may_comment and is_open and assignees is not None,
        may_comment and is_open and is_assignee_or_writer,
        may_comment and not is_open,
    )


def marks_of(node: dict[str, Any]) -> set[str]:
    """Return the ids of the comments on a tree."""
    ids = {mark["attrs"]["id"] for mark in node.get("marks", []) if mark["type"] == "comment"}
    for child in node.get("content", []):
        ids |= marks_of(child)
    return ids
