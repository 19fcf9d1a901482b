"""What somebody must do by a day, until it is done or dropped."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.ui.printable import check_text
from sessions.actions.locks import share_sitting_minutes
from sessions.models import ActionItem, AgendaItem, Sitting
from sessions.rules import ballots as rules
from sessions.workflows.action_items import ACTION


def _owner(owner: Person | None, owner_text: str) -> dict[str, object]:
    words = check_text(owner_text.strip())
    if owner is None and not words:
        raise ValidationError(_("Dites qui s’en charge."), code="owner")
    return {"owner": owner, "owner_text": words}


@transaction.atomic
def add(
    sitting: Sitting,
    *,
    text: str,
    by: User,
    item: AgendaItem | None = None,
    owner: Person | None = None,
    owner_text: str = "",
    due_on: date | None = None,
) -> ActionItem:
    """Note an action with who does it and for when; it comes back in the next agenda until closed."""
    if not rules.can_record(by, sitting, share_sitting_minutes(sitting)):
        raise PermissionDenied
    action = ActionItem.objects.create(
        sitting=sitting, agenda_item=item, text=check_text(text.strip()), due_on=due_on, **_owner(owner, owner_text)
    )
    record("action.recorded", action, by=by, dossier=sitting, due_on=due_on)
    return action


@transaction.atomic
def change(
    action: ActionItem, *, text: str, by: User, owner: Person | None, owner_text: str, due_on: date | None
) -> ActionItem:
    """Correct the words, the owner or the day of an open action."""
    if not rules.can_change_action(by, action):
        raise PermissionDenied
    former = action.text
    action.text, action.due_on = check_text(text.strip()), due_on
    for name, value in _owner(owner, owner_text).items():
        setattr(action, name, value)
    action.save(update_fields=["text", "due_on", "owner", "owner_text"])
    record("action.changed", action, by=by, dossier=action.sitting, due_on=due_on, detail=former)
    return action


@transaction.atomic
def finish(action: ActionItem, *, by: User, outcome: str = "") -> ActionItem:
    """Note that it is done, with what came of it."""
    return _close(action, "finish", "action.finished", outcome, by)


@transaction.atomic
def drop(action: ActionItem, *, by: User, outcome: str) -> ActionItem:
    """Give an action up, and say why."""
    if not outcome.strip():
        raise ValidationError(_("Dites pourquoi l’action est abandonnée."), code="outcome")
    return _close(action, "drop", "action.dropped", outcome, by)


def _close(action: ActionItem, verb: str, said: str, outcome: str, by: User) -> ActionItem:
    if not rules.can_follow(by, action):
        raise PermissionDenied
    words = check_text(outcome.strip())
    ACTION.move(action, verb, closed_at=timezone.now(), outcome=words)
    record(said, action, by=by, dossier=action.sitting, detail=words)
    return action


@transaction.atomic
def reopen(action: ActionItem, *, by: User) -> ActionItem:
    """Open an action again: it was closed too early."""
    if not rules.can_follow(by, action):
        raise PermissionDenied
    former = action.outcome
    ACTION.move(action, "reopen", closed_at=None, outcome="")
    record("action.reopened", action, by=by, dossier=action.sitting, detail=former)
    return action
