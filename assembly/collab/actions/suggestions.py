"""Deciding what others propose: the marks leave the text by an edit of the server, the rows keep what was decided."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pycrdt import Doc

from assembly.audit.actions import record
from assembly.collab import registry, rules
from assembly.collab.actions import digest
from assembly.collab.actions.edits import edit, lock_text
from assembly.collab.document import suggestions as marks
from assembly.collab.document.suggestions import MarkedSuggestion
from assembly.collab.enums import SuggestionState, TextEventKind, TextRight
from assembly.collab.models import SharedText, Suggestion
from assembly.collab.queries.suggestions import author_of, suggestion_authors
from assembly.collab.queries.texts import tree_of
from assembly.identity.models import User

OPEN = SuggestionState.OPEN


@transaction.atomic
def relist(text: SharedText) -> int:
    """Bring the rows up to the text: new marks make rows, rows whose marks have gone are withdrawn.

    Marks that came back (an undo) open a row again that nobody decided. Returns how many wait.
    """
    seq = SharedText.objects.values_list("last_seq", flat=True).get(pk=text.pk)
    found = {item.id: item for item in marks.suggestions_in_order(tree_of(text, seq))}
    rows = {row.mark_id: row for row in Suggestion.objects.filter(text=text)}
    _add(text, [item for mark_id, item in found.items() if mark_id not in rows])
    gone = [row.pk for mark_id, row in rows.items() if row.state == OPEN and mark_id not in found]
    Suggestion.objects.filter(pk__in=gone, state=OPEN).update(
        state=SuggestionState.WITHDRAWN, decided_at=timezone.now()
    )
    for mark_id, item in found.items():
        row = rows.get(mark_id)
        if row is not None and row.decided_by_id is None and (row.state != OPEN or row.quote != quote(item)):
            Suggestion.objects.filter(pk=row.pk, decided_by=None).update(
                state=OPEN, decided_at=None, quote=quote(item)
            )
    SharedText.objects.filter(pk=text.pk, listed_seq__lt=seq).update(listed_seq=seq)
    return len(found)


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
    """What is proposed, in one line: what goes, then what comes."""
    return " → ".join(part for part in (item.deleted, item.inserted) if part)[:1000]


@transaction.atomic
def accept(text: SharedText, ids: Collection[str], *, by: User, reason: str = "") -> int:
    """Let what is proposed enter the text; returns how many."""
    return _decide(text, ids, SuggestionState.ACCEPTED, by=by, reason=reason)


@transaction.atomic
def reject(text: SharedText, ids: Collection[str], *, by: User, reason: str) -> int:
    """Leave the text as it was, and say why to those who proposed."""
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
    return [item.id for item in marks.suggestions_in_order(tree_of(text))]


def _decide(text: SharedText, ids: Collection[str], state: SuggestionState, *, by: User, reason: str) -> int:
    if not rules.can_decide_suggestion(by, text):
        raise PermissionDenied
    lock_text(text)
    relist(text)
    rows = list(Suggestion.objects.filter(text=text, mark_id__in=ids, state=OPEN).select_related("author__person"))
    if len(rows) != len(set(ids)) or not rows:
        raise ValidationError(_("Cette proposition n’est plus dans le texte."), code="gone")
    _take_out([row.mark_id for row in rows], text, state, by=by)
    words = reason.strip()[:1000]
    verb = f"suggestion_mark.{state}"
    for row in rows:
        _close(row, state, by=by, reason=words)
        if row.author and row.author_id != by.pk:
            digest.tell(row.author, TextEventKind(state), text, key=f"{state}:{row.pk}", suggestion=row)
    record(verb, text, by=by, detail=words, suggestions=[row.pk for row in rows])
    registry.tell(text, verb, rows, by)
    return len(rows)


def _take_out(
    ids: list[str], text: SharedText, state: SuggestionState, *, by: User, needs: TextRight = TextRight.WRITE
) -> None:
    decide = marks.accept_in_tree if state == SuggestionState.ACCEPTED else marks.reject_in_tree

    def change(doc: Doc) -> None:
        decide(doc, ids)

    edit(text, change, by=by, needs=needs)


def _close(row: Suggestion, state: SuggestionState, *, by: User, reason: str = "") -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, by, timezone.now(), reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
def withdraw(suggestion: Suggestion, *, by: User) -> None:
    """Take back one's own proposal: its marks leave, the text is as it was."""
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
