"""Who may note decisions, votes and actions: the project team of the term."""

from typing import Any

from assembly.institution.rules import is_lead, is_team
from sessions.models import AgendaItem, Minutes, Sitting


def is_open_for_facts(sitting: Sitting, minutes: Minutes | None) -> bool:
    """Decisions and votes may be noted from the opening until the minutes have been read and closed."""
    if not (sitting.is_running or sitting.is_held):
        return False
    return minutes is None or minutes.is_being_written


def can_record(user: Any, sitting: Sitting, minutes: Minutes | None = None) -> bool:
    """Note a decision, prepare a vote, add an action."""
    return is_team(user, sitting.term_id) and is_open_for_facts(sitting, minutes)


def can_withdraw(user: Any, sitting: Sitting, minutes: Minutes | None = None) -> bool:
    """Take a counted or proclaimed vote back, with a reason."""
    return is_lead(user, sitting.term_id) and is_open_for_facts(sitting, minutes)


def takes_facts(item: AgendaItem) -> bool:
    """An item that was withdrawn decides nothing."""
    return item.removed_at is None


def can_announce(user: Any, item: AgendaItem) -> bool:
    """A vote may be prepared as soon as its item is on the agenda of a sitting to come."""
    return takes_facts(item) and is_team(user, item.sitting.term_id) and item.sitting.is_upcoming
