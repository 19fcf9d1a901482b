"""Rights to record decisions, votes and actions: those of the project team of the term."""

from typing import Any

from assembly.institution.rules import is_lead, is_team
from sessions.models import AgendaItem, Minutes, Sitting


def is_open_for_facts(sitting: Sitting, minutes: Minutes | None) -> bool:
    """Return whether facts may be recorded: from the opening until the minutes are no longer written."""
    if not (sitting.is_running or sitting.is_held):
        return False
    return minutes is None or minutes.is_being_written


def can_record(user: Any, sitting: Sitting, minutes: Minutes | None = None) -> bool:
    """Return whether the user may record a decision, prepare a vote or add an action."""
    return is_team(user, sitting.term_id) and is_open_for_facts(sitting, minutes)


def can_withdraw(user: Any, sitting: Sitting, minutes: Minutes | None = None) -> bool:
    """Return whether the user may withdraw a counted or proclaimed vote: the lead, with a reason."""
    return is_lead(user, sitting.term_id) and is_open_for_facts(sitting, minutes)


def takes_facts(item: AgendaItem) -> bool:
    """Return whether the item is on the agenda: one that was removed decides nothing."""
    return item.removed_at is None


def can_announce(user: Any, item: AgendaItem) -> bool:
    """Return whether a vote may be prepared: once its item is on the agenda of a coming sitting."""
    return takes_facts(item) and is_team(user, item.sitting.term_id) and item.sitting.is_upcoming
