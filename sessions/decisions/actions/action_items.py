"""Service functions of action items: what somebody must do by a day, until it is done or dropped."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.rules import is_team
from assembly.text.printable import check_text
from assembly.workflow import StateConflict, lock
from sessions.decisions.actions.decisions import share_open_minutes
from sessions.models import ActionItem, AgendaItem, Sitting


def _owner(owner: Person | None, owner_text: str) -> dict[str, object]:
    text = check_text(owner_text.strip())
    if owner is None and not text:
        raise ValidationError(_("Dites qui s’en charge."), code="owner")
    return {"owner": owner, "owner_text": text}


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
    """Record an action with its owner and its due day; it comes back in the next agenda until it is closed."""
    share_open_minutes(sitting, "act", by=by)
    action = ActionItem.objects.create(
        sitting=sitting, agenda_item=item, text=check_text(text.strip()), due_on=due_on, **_owner(owner, owner_text)
    )
    record("action.recorded", action, by=by, dossier=sitting, due_on=due_on)
    return action


@transaction.atomic
def change(
    action: ActionItem, *, text: str, by: User, owner: Person | None, owner_text: str, due_on: date | None
) -> ActionItem:
    """Correct the text, the owner or the due day of an open action."""
    if not is_team(by, action.sitting.term_id):
        raise PermissionDenied
    if not lock(action).is_open:
        raise StateConflict(action, "change")
    former = action.text
    action.text, action.due_on = check_text(text.strip()), due_on
    for name, value in _owner(owner, owner_text).items():
        setattr(action, name, value)
    action.save(update_fields=["text", "due_on", "owner", "owner_text"])
    record("action.changed", action, by=by, dossier=action.sitting, due_on=due_on, detail=former)
    return action
