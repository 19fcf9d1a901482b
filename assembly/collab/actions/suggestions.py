"""Decisions on suggestions: an edit of the server removes the marks from the text, the rows store the decision."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pycrdt import Doc

from assembly.audit.actions import record
from assembly.collab import mails, registry, rules
from assembly.collab.actions.texts import edit, lock_text
from assembly.collab.document import suggestions
from assembly.collab.document.suggestions import MarkedSuggestion
from assembly.collab.models import SharedText, Suggestion, SuggestionState, TextEventKind, TextRight
from assembly.collab.queries import author_of, suggestion_authors, tree_of
from assembly.identity.models import User

OPEN = SuggestionState.OPEN


@transaction.atomic
def relist(text: SharedText) -> int:
    """Update the rows to the text: new marks make rows, rows whose marks are gone are withdrawn.

    Marks that came back (an undo) reopen a row without a decision. Returns how many suggestions are open.
    """
    seq = SharedText.objects.values_list("last_seq", flat=True).get(pk=text.pk)
    marked = {item.id: item for item in suggestions.suggestions_in_order(tree_of(text, seq))}
    rows = {row.mark_id: row for row in Suggestion.objects.filter(text=text)}
    _add(text, [item for mark_id, item in marked.items() if mark_id not in rows])
    gone = [row.pk for mark_id, row in rows.items() if row.state == OPEN and mark_id not in marked]
    Suggestion.objects.filter(pk__in=gone, state=OPEN).update(
        state=SuggestionState.WITHDRAWN, decided_at=timezone.now()
    )
    for mark_id, item in marked.items():
        row = rows.get(mark_id)
        if row is not None and row.decided_by_id is None and (row.state != OPEN or row.quote != quote(item)):
            Suggestion.objects.filter(pk=row.pk, decided_by=None).update(
                state=OPEN, decided_at=None, quote=quote(item)
            )
    SharedText.objects.filter(pk=text.pk, listed_seq__lt=seq).update(listed_seq=seq)
    return len(marked)


def _add(text: SharedText, new: list[MarkedSuggestion]) -> None:
    people = suggestion_authors([item.id for item in new])
    Suggestion.objects.bulk_create(
        [
            Suggestion(
                text=text,
                mark_id=item.id,
                kind=item.kind,
                author=people.get(author_of(item.id) or 0),
                quote=quote(item),
            )
            for item in new
        ],
        ignore_conflicts=True,
    )


def quote(item: MarkedSuggestion) -> str:
    """Return the suggestion in one line: the deleted text, then the inserted one."""
    return " → ".join(part for part in (item.deleted, item.inserted) if part)[:1000]


@transaction.atomic
def accept(text: SharedText, ids: Collection[str], *, by: User, reason: str = "") -> int:
    """Make the suggestions part of the text; return how many."""
    return _decide(text, ids, SuggestionState.ACCEPTED, by=by, reason=reason)


@transaction.atomic
def reject(text: SharedText, ids: Collection[str], *, by: User, reason: str) -> int:
    """Remove the suggestions from the text, with a reason for their authors; return how many."""
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi : la personne le lira."), code="reason")
    return _decide(text, ids, SuggestionState.REJECTED, by=by, reason=reason)


@transaction.atomic
def accept_all(text: SharedText, *, by: User, reason: str = "") -> int:
    return accept(text, _waiting(text), by=by, reason=reason)


@transaction.atomic
def reject_all(text: SharedText, *, by: User, reason: str) -> int:
    return reject(text, _waiting(text), by=by, reason=reason)


def _waiting(text: SharedText) -> list[str]:
    lock_text(text)
    return [item.id for item in suggestions.suggestions_in_order(tree_of(text))]


def _decide(text: SharedText, ids: Collection[str], state: SuggestionState, *, by: User, reason: str) -> int:
    if not rules.can_decide_suggestion(by, text):
        raise PermissionDenied
    lock_text(text)
    relist(text)
    rows = list(Suggestion.objects.filter(text=text, mark_id__in=ids, state=OPEN).select_related("author__person"))
    if len(rows) != len(set(ids)) or not rows:
        raise ValidationError(_("Cette proposition n’est plus dans le texte."), code="gone")
    _take_out([row.mark_id for row in rows], text, state, by=by)
    reason_text = reason.strip()[:1000]
    event_type = f"suggestion_mark.{state}"
    for row in rows:
        _close(row, state, by=by, reason=reason_text)
        if row.author and row.author_id != by.pk:
            mails.add_event(row.author, TextEventKind(state), text, key=f"{state}:{row.pk}", suggestion=row)
    record(event_type, text, by=by, detail=reason_text, suggestions=[row.pk for row in rows])
    registry.notify_owner(text, event_type, rows, by)
    return len(rows)


def _take_out(
    ids: list[str], text: SharedText, state: SuggestionState, *, by: User, needs: TextRight = TextRight.WRITE
) -> None:
    decide = suggestions.accept_in_tree if state == SuggestionState.ACCEPTED else suggestions.reject_in_tree

    def change(doc: Doc) -> None:
        decide(doc, ids)

    edit(text, change, by=by, needs=needs)


def _close(row: Suggestion, state: SuggestionState, *, by: User, reason: str = "") -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, by, timezone.now(), reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
def withdraw(suggestion: Suggestion, *, by: User) -> None:
    """Withdraw one's own suggestion: its marks leave, the text is as it was before it."""
    if not rules.can_withdraw_suggestion(by, suggestion):
        raise PermissionDenied
    text = suggestion.text
    lock_text(text)
    relist(text)
    suggestion.refresh_from_db(fields=["state"])
    if suggestion.state != OPEN:
        raise ValidationError(_("Cette proposition n’est plus dans le texte."), code="gone")
    _take_out([suggestion.mark_id], text, SuggestionState.WITHDRAWN, by=by, needs=TextRight.SUGGEST)
    _close(suggestion, SuggestionState.WITHDRAWN, by=by)
    record("suggestion_mark.withdrawn", text, by=by, suggestions=[suggestion.pk])
