"""Rights to write, read and correct minutes; the rights of each step are in `sessions.minutes.workflow.tables`."""

from datetime import datetime
from typing import Any

from assembly.dossiers.reader_pages import ReaderPages, is_any_reader
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.rules import has_role, is_facilitator, is_team
from sessions.enums import MinutesState
from sessions.models import Minutes, Sitting


def can_start(user: Any, sitting: Sitting) -> bool:
    """Return whether the team may start the minutes: from the opening on, for notes during the sitting."""
    return is_team(user, sitting.term_id) and (sitting.is_running or sitting.is_held)


def can_see_desk(user: Any, minutes: Minutes) -> bool:
    """Return whether the user may open the back-office pages; other readers have their own."""
    return is_team(user, minutes.sitting.term_id) or is_facilitator(user, minutes.sitting.term_id)


MINUTES_PAGES = ReaderPages(
    (can_see_desk, "sittings:minutes", "sitting_id"),
    (is_any_reader, "sittings:minutes-read"),
)


def can_write(user: Any, minutes: Minutes) -> bool:
    """Return whether the user may write summaries: until the text is circulated."""
    return is_team(user, minutes.sitting.term_id) and minutes.is_being_written


def takes_changes(minutes: Minutes) -> bool:
    """Return whether a correction may still change the circulated text.

    A letter posted in time is recorded a few days later.
    """
    return minutes.state in MinutesState.tagged("reading") and not minutes.is_sealed


def can_ask_correction(user: Any, minutes: Minutes, *, attended: bool, now: datetime) -> bool:
    """Return whether somebody who attended may still ask for a correction."""
    return bool(user.is_authenticated) and attended and minutes.takes_corrections(now)


def can_record_correction(user: Any, minutes: Minutes) -> bool:
    """Return whether the team may record a correction asked by letter or telephone."""
    return is_team(user, minutes.sitting.term_id) and takes_changes(minutes)


def can_see_actions(user: Any) -> bool:
    """Return whether the user may open the list of actions to follow."""
    return has_role(user, TEAM_ROLES | {Role.FACILITATOR})
