"""Comment threads of a text: open, reply, assign, resolve, reopen, withdraw a comment."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab import mails, registry, rules
from assembly.collab.models import Comment, SharedText, TextEvent, TextEventKind, Thread
from assembly.collab.queries import agents_of, mentioned, readers_among
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.text.printable import clean_text


@transaction.atomic
def open_thread(
    text: SharedText,
    *,
    body: str,
    by: User,
    anchor: str = "",
    node_id: str = "",
    quote: str = "",
    prefix: str = "",
    suffix: str = "",
    mentions: Collection[int] = (),
) -> Thread:
    """Open a thread with a comment on a passage, a recommendation or the whole text.

    `anchor` is the id of the comment mark that the editor set; two calls with the same one give one thread.
    """
    if not rules.can_comment(by, text):
        raise PermissionDenied
    facts = {
        "node_id": node_id[:36],
        "quote": clean_text(quote)[:2000],
        "prefix": clean_text(prefix)[-200:],
        "suffix": clean_text(suffix)[:200],
        "opened_by": by,
    }
    if anchor:
        thread, is_new = Thread.objects.get_or_create(text=text, anchor=anchor[:100], defaults=facts)
    else:
        thread, is_new = Thread.objects.create(text=text, **facts), True
    _add_comment(thread, body, mentions, by=by)
    if is_new:
        record("text_thread.opened", thread, by=by, dossier=text)
        registry.notify_owner(text, "text_thread.opened", thread, by)
    return thread


@transaction.atomic
def reply(thread: Thread, *, body: str, by: User, mentions: Collection[int] = ()) -> Comment:
    """Add a comment to an open thread; earlier commentators get it in their daily mail."""
    if not rules.can_reply(by, thread):
        raise PermissionDenied
    before = {comment.author for comment in thread.comments.select_related("author__person").filter(withdrawn_at=None)}
    comment = _add_comment(thread, body, mentions, by=by)
    record("text_thread.replied", thread, by=by, dossier=thread.text)
    named = set(comment.mentions.all())
    for user in before - named - {by}:
        mails.add_event(user, TextEventKind.REPLY, thread.text, key=f"reply:{comment.pk}", comment=comment)
    return comment


def _add_comment(thread: Thread, body: str, mentions: Collection[int], *, by: User) -> Comment:
    if not (text := clean_text(body).strip()[:4000]):
        raise ValidationError(_("Écrivez votre commentaire."), code="empty")
    comment = Comment.objects.create(thread=thread, author=by, body=text)
    named = [user for user in mentioned(thread.text, text, mentions) if user.pk != by.pk]
    comment.mentions.set(named)
    for user in named:
        mails.add_event(user, TextEventKind.MENTION, thread.text, key=f"mention:{comment.pk}", comment=comment)
    return comment


@transaction.atomic
def assign(thread: Thread, to: User | Directorate, *, by: User) -> None:
    """Assign a thread to a user, or to a directorate that reads the text; the assignees get it in their daily mail."""
    candidates = registry.assignees(thread.text, by)
    if candidates is None or not rules.can_reply(by, thread):
        raise PermissionDenied
    readers = readers_among([to] if isinstance(to, User) else agents_of(to), thread.text)
    if not candidates.include(to) or not readers:
        raise ValidationError(_("Ce commentaire ne peut pas lui être confié."), code="to")
    if to in (thread.assigned_to, thread.directorate):
        return
    person, directorate = (to, None) if isinstance(to, User) else (None, to)
    _set_assignee(thread, person, directorate)
    whom = "directorate" if directorate else "person"
    record("text_thread.assigned", thread, by=by, dossier=thread.text, whom=whom, to=to.pk)
    if (first := thread.comments.filter(withdrawn_at=None).order_by("pk").first()) is None:
        return
    key = f"assigned:{thread.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    for user in readers:
        if user.pk != by.pk:
            mails.add_event(user, TextEventKind.ASSIGNED, thread.text, key=key, comment=first)


@transaction.atomic
def take_back(thread: Thread, *, by: User) -> None:
    """Remove the assignment of a thread; a mail about it that has not left is dropped."""
    if not rules.can_assign(by, thread):
        raise PermissionDenied
    if thread.assigned_to_id is None and thread.directorate_id is None:
        return
    _set_assignee(thread, None, None)
    record("text_thread.taken_back", thread, by=by, dossier=thread.text)


def _set_assignee(thread: Thread, person: User | None, directorate: Directorate | None) -> None:
    """Set the one person or directorate of a thread, and drop an unsent mail to the one before."""
    rows = Thread.objects.filter(pk=thread.pk, resolved_at=None)
    if not rows.update(assigned_to=person, directorate=directorate):
        raise PermissionDenied
    thread.assigned_to, thread.directorate = person, directorate
    waiting = TextEvent.objects.filter(comment__thread=thread, kind=TextEventKind.ASSIGNED)
    waiting.filter(sent_at=None, dropped_at=None).update(dropped_at=timezone.now())


@transaction.atomic
def resolve(thread: Thread, *, by: User) -> None:
    """Resolve the thread; its opener is notified."""
    if not rules.can_resolve(by, thread):
        raise PermissionDenied
    now = timezone.now()
    if not Thread.objects.filter(pk=thread.pk, resolved_at=None).update(resolved_by=by, resolved_at=now):
        raise PermissionDenied
    thread.resolved_by, thread.resolved_at = by, now
    record("text_thread.resolved", thread, by=by, dossier=thread.text)
    first = thread.comments.order_by("pk").first()
    if thread.opened_by_id != by.pk and first:
        key = f"resolved:{thread.pk}:{now:%Y%m%d%H%M%S%f}"
        mails.add_event(thread.opened_by, TextEventKind.RESOLVED, thread.text, key=key, comment=first)
    registry.notify_owner(thread.text, "text_thread.resolved", thread, by)


@transaction.atomic
def reopen(thread: Thread, *, by: User) -> None:
    """Reopen a resolved thread."""
    if not rules.can_reopen(by, thread):
        raise PermissionDenied
    Thread.objects.filter(pk=thread.pk).update(resolved_by=None, resolved_at=None)
    thread.resolved_by = thread.resolved_at = None
    record("text_thread.reopened", thread, by=by, dossier=thread.text)


@transaction.atomic
def withdraw_comment(comment: Comment, *, by: User) -> None:
    """Withdraw one's own comment: the thread shows its place, and unsent mails about it are dropped."""
    if not rules.can_withdraw_comment(by, comment):
        raise PermissionDenied
    now = timezone.now()
    if Comment.objects.filter(pk=comment.pk, withdrawn_at=None).update(withdrawn_at=now):
        comment.withdrawn_at = now
        TextEvent.objects.filter(comment=comment, sent_at=None, dropped_at=None).update(dropped_at=now)
        record("text_thread.comment_withdrawn", comment.thread, by=by, dossier=comment.thread.text)
