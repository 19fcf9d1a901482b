"""Who may write, read and correct minutes; whose each step is stands in `sessions.workflows.minutes`."""

from datetime import datetime
from typing import Any

from assembly.institution.rules import is_facilitator, is_team
from sessions.enums import MinutesState
from sessions.models import Minutes, Sitting


def can_start(user: Any, sitting: Sitting) -> bool:
    """From the opening on: notes are often taken while people speak."""
    return is_team(user, sitting.term_id) and (sitting.is_running or sitting.is_held)


def can_see_desk(user: Any, minutes: Minutes) -> bool:
    """The pages of the bureau; other readers have theirs in their own room."""
    return is_team(user, minutes.sitting.term_id) or is_facilitator(user, minutes.sitting.term_id)


def can_write(user: Any, minutes: Minutes) -> bool:
    """Write summaries: until the text goes out to those who attended."""
    return is_team(user, minutes.sitting.term_id) and minutes.is_being_written


def takes_changes(minutes: Minutes) -> bool:
    """A circulated text that a correction may still change; a letter posted in time is noted a few days later."""
    return minutes.state in (MinutesState.CIRCULATED, MinutesState.CORRECTIONS) and not minutes.is_sealed


def can_ask_correction(user: Any, minutes: Minutes, *, attended: bool, now: datetime) -> bool:
    """Somebody who was there, in time."""
    return bool(user.is_authenticated) and attended and minutes.takes_corrections(now)


def can_record_correction(user: Any, minutes: Minutes) -> bool:
    """Note what somebody who was there asked by letter or telephone."""
    return is_team(user, minutes.sitting.term_id) and takes_changes(minutes)
