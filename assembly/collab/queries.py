"""Queries of texts: content, suggestions, threads, sidebar, page, late text, versions, daily mail.

In a suggestion the marks hold the change, the rows hold the author and the decision.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from pycrdt import Doc

from assembly.collab import registry, rules
from assembly.collab.document import authorship, html, reading, recommendations, suggestions
from assembly.collab.document.suggestions import MarkedSuggestion
from assembly.collab.engine.copy import load
from assembly.collab.models import (
    Comment,
    SharedText,
    Suggestion,
    SuggestionState,
    TextEvent,
    TextEventKind,
    TextRight,
    TextState,
    TextVersion,
    Thread,
)
from assembly.collab.registry import Assignees, LateTextOptions
from assembly.identity.models import User
from assembly.institution.models import DIRECTORATE_ROLES, Assembly, Directorate, RoleAssignment


def document_at(text: SharedText, seq: int | None = None) -> Doc[Any]:
    """Return the document after row `seq` (the newest without one), as a new copy."""
    return load(text.pk, seq=seq).doc


def tree_of(text: SharedText, seq: int | None = None) -> dict[str, Any]:
    """Return the tree of the document after row `seq`."""
    return reading.tree(document_at(text, seq))


def readable_text_or_404(user: Any, public_id: UUID | str) -> SharedText:
    """Return the text of that address; raises Http404 when the user may not read it, as if there were none."""
    text = (
        SharedText.objects.select_related("assembly").defer("assembly__logo_png").filter(public_id=public_id).first()
    )
    if text is None or not rules.can_read(user, text):
        raise Http404
    return text


def readers_of(text: SharedText, at_least: TextRight = TextRight.READ) -> list[User]:
    """Return the users of the assembly with at least this right in the text, by name."""
    roles = RoleAssignment.objects.filter(assembly_id=text.assembly_id, ended_at=None)
    people = list(
        User.objects.filter(pk__in=roles.values("user_id"), is_active=True)
        .select_related("person")
        .order_by("person__sort_name", "pk")
    )
    rights = registry.rights([text], [user.pk for user in people])
    return [user for user in people if rights[text.pk, user.pk] >= at_least]


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


def threads_of(text: SharedText, granted_right: TextRight) -> QuerySet[Thread]:
    """Return the threads of a text with their comments, the oldest first; none without the right to read it."""
    if granted_right < TextRight.READ:
        return Thread.objects.none()
    comments = Comment.objects.select_related("author__person").for_screen()
    return (
        Thread.objects.filter(text=text)
        .select_related("opened_by__person", "assigned_to__person", "resolved_by__person", "directorate")
        .prefetch_related(Prefetch("comments", comments))
        .for_screen()
    )


def mentioned(text: SharedText, body: str, chosen: Collection[int] = ()) -> list[User]:
    """Return the readers of the text who were chosen, or whose name follows an « @ » in the comment."""
    folded = body.casefold()
    return [user for user in readers_of(text) if user.pk in chosen or f"@{user.get_full_name().casefold()}" in folded]


def agents_of(directorate: Directorate) -> list[User]:
    """Return the users who answer for a directorate today."""
    roles = RoleAssignment.objects.filter(directorate=directorate, role__in=DIRECTORATE_ROLES, ended_at=None)
    return list(User.objects.filter(pk__in=roles.values("user_id"), is_active=True).select_related("person"))


def readers_among(people: list[User], text: SharedText) -> list[User]:
    """Return those of these users who may read the text."""
    rights = registry.rights([text], [user.pk for user in people])
    return [user for user in people if rights[text.pk, user.pk] >= TextRight.READ]


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


MODES = {"read": TextRight.READ, "suggest": TextRight.SUGGEST, "write": TextRight.WRITE}


@dataclass(frozen=True)
class Mode:
    """One way to work in the text: its name in the script, its label on the screen."""

    value: str
    label: str


@dataclass(frozen=True)
class Coediting:
    """A text as one person opens it: `html` is the text to read, `first_number` that of its first recommendation."""

    text: SharedText
    user: Any
    right: TextRight
    html: str
    first_number: int
    sidebar: Sidebar

    @property
    def modes(self) -> list[Mode]:
        return [Mode(value, str(right.label)) for value, right in MODES.items() if self.right >= right]

    @property
    def can_comment(self) -> bool:
        return self.right >= TextRight.COMMENT

    @property
    def may_write(self) -> bool:
        return self.right >= TextRight.WRITE

    @property
    def is_live(self) -> bool:
        return self.text.state != TextState.FROZEN


def coediting(text: SharedText, user: Any, *, first_number: int = 1) -> Coediting:
    """Return what `collab/page.html` needs; the caller has checked that `user` may read the text."""
    tree = tree_of(text)
    numbers = {item.node_id: str(number) for number, item in enumerate(recommendations.read_all(tree), first_number)}
    page = html.to_page(tree, suggestions="shown", numbers=numbers)
    granted = rules.granted_right(user, text)
    right, sidebar = rules.within(granted, text.state), sidebar_of(text, user, tree, granted)
    return Coediting(text, user, right, page, first_number, sidebar)


@dataclass(frozen=True)
class LateTextPlaces:
    """The places for late text. `comment_in` takes it as a comment: this text, or the one that replaced it."""

    text: SharedText
    comment_in: SharedText | None
    later: LateTextOptions

    @property
    def is_elsewhere(self) -> bool:
        return self.comment_in is not None and self.comment_in.pk != self.text.pk


def late_text_places(text: SharedText, user: Any) -> LateTextPlaces:
    """Return the places open to `user` now; the caller has checked that the text may be read."""
    later = registry.late_text_options(text, user)
    texts = [text, later.text] if later.text is not None else [text]
    return LateTextPlaces(
        text, next((candidate for candidate in texts if rules.can_comment(user, candidate)), None), later
    )


@dataclass(frozen=True)
class Passage:
    """Some text of a block and its author; None when the account is no longer known."""

    author: User | None
    text: str


@dataclass(frozen=True)
class Share:
    """How much of a version one person wrote."""

    author: User | None
    characters: int


def versions_of(text: SharedText) -> QuerySet[TextVersion]:
    """Return the versions, newest first, with only the columns that a page of one needs."""
    return TextVersion.objects.filter(text=text).select_related("by__person").order_by("-number").for_screen()


def written_by(version: TextVersion) -> tuple[list[list[Passage]], list[Share]]:
    """Return the text of a version by block and author, and the share of each author, the largest first."""
    blocks_by_author = authorship.text_by_author(version.tree, version.passages or [])
    keys = {author for block in blocks_by_author for author, _text in block if author}
    people = {user.pk: user for user in User.objects.filter(pk__in=keys).select_related("person")}
    blocks = [[Passage(people.get(author or 0), text) for author, text in block] for block in blocks_by_author]
    sizes: Counter[int | None] = Counter()
    for block in blocks_by_author:
        for author, text in block:
            sizes[author] += len(text)
    shares = [Share(people.get(author or 0), size) for author, size in sizes.most_common()]
    return [block for block in blocks if block], shares


ORDER = [*TextEventKind]


def waiting_events(assembly: Assembly, cut: datetime) -> QuerySet[TextEvent]:
    """Return the unsent events before `cut`, locked for the process that sends."""
    rows = TextEvent.objects.filter(text__assembly=assembly, sent_at=None, dropped_at=None, happened_at__lt=cut)
    return _with_facts(rows).select_for_update(of=("self",), no_key=True).order_by("user", "pk")


def events_of_mail(keys: list[int]) -> list[TextEvent]:
    """Return the events of one mail, decisions first."""
    rows = _with_facts(TextEvent.objects.filter(pk__in=keys))
    return sorted(rows, key=lambda event: (ORDER.index(TextEventKind(event.kind)), event.pk))


def _with_facts(rows: QuerySet[TextEvent]) -> QuerySet[TextEvent]:
    return rows.select_related(
        "user__person", "text", "suggestion", "comment__author__person", "comment__thread__directorate"
    )


def is_obsolete(event: TextEvent) -> bool:
    """Return whether the event is obsolete.

    The person may no longer read the text, the comment was withdrawn, or the thread was resolved.
    """
    if not event.user.is_active or not rules.can_read(event.user, event.text):
        return True
    if event.comment is None:
        return False
    if event.kind in {TextEventKind.ASSIGNED, TextEventKind.REPLY}:
        return event.comment.withdrawn_at is not None or event.comment.thread.resolved_at is not None
    return event.comment.withdrawn_at is not None
