"""Who may count votes, note decisions and follow actions: the project team of the term."""

from typing import Any

from assembly.institution.rules import is_team
from sessions.models import ActionItem, AgendaItem, Ballot, Decision, Minutes, Sitting
from sessions.workflows.ballots import BALLOT


def is_open_for_facts(sitting: Sitting, minutes: Minutes | None) -> bool:
    """Decisions and votes may be noted from the opening until the minutes have been read and closed."""
    if not (sitting.is_running or sitting.is_held):
        return False
    return minutes is None or minutes.is_being_written


def can_record(user: Any, sitting: Sitting, minutes: Minutes | None = None) -> bool:
    """Note a decision, prepare a vote, add an action."""
    return is_team(user, sitting.term_id) and is_open_for_facts(sitting, minutes)


def can_take_ballot_step(user: Any, ballot: Ballot, verb: str, minutes: Minutes | None = None) -> bool:
    """A step of the ballot; a proclaimed result is final."""
    return can_record(user, ballot.agenda_item.sitting, minutes) and verb in BALLOT.verbs_from(ballot.state)


def can_change_decision(user: Any, decision: Decision, minutes: Minutes | None = None) -> bool:
    return decision.withdrawn_at is None and can_record(user, decision.sitting, minutes)


def can_follow(user: Any, action: ActionItem) -> bool:
    """Actions live on after the minutes: the team of the term closes and reopens them."""
    return is_team(user, action.sitting.term_id)


def can_change_action(user: Any, action: ActionItem) -> bool:
    return action.is_open and can_follow(user, action)


def takes_facts(item: AgendaItem) -> bool:
    """An item that was withdrawn decides nothing."""
    return item.removed_at is None


def can_announce(user: Any, item: AgendaItem) -> bool:
    """A vote may be prepared as soon as its item is on the agenda of a sitting to come."""
    return takes_facts(item) and is_team(user, item.sitting.term_id) and item.sitting.is_upcoming
