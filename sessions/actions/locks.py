"""Minutes in hand while something is written in them, or in a fact they show: no step of theirs slips in between.

Whoever writes shares the row, whoever takes a step keeps it alone. Writers do not wait for one another, a step waits
for the writers who came before it, and what comes after a step is asked again of what the minutes have become.
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from assembly.workflow import StateConflict
from sessions.models import Minutes, Sitting


def share_sitting_minutes(sitting: Sitting) -> Minutes | None:
    """The minutes of a sitting as they are, and stay until this transaction ends; None while nobody has begun them."""
    rows = Minutes.objects.raw("SELECT * FROM sittings_minutes WHERE sitting_id = %s FOR SHARE", [sitting.pk])
    for minutes in rows:
        minutes.sitting = sitting
        return minutes
    return None


def share_minutes(minutes: Minutes, verb: str, may: Callable[[Minutes], bool]) -> Minutes:
    """Share minutes for an act that `may` allows.

    Raises PermissionDenied when the page's own copy does not allow it, StateConflict when it did and the row no
    longer does.
    """
    if not may(minutes):
        raise PermissionDenied
    held = share_sitting_minutes(minutes.sitting)
    if held is None or not may(held):
        raise StateConflict(minutes, verb)
    return held


def lock_minutes(minutes: Minutes, verb: str, may: Callable[[Minutes], bool]) -> None:
    """Wait for those who write, then keep the row alone for a step that looks at the whole text first.

    Raises StateConflict when `may` does not allow it, whatever the page's own copy says.
    """
    held = Minutes.objects.select_for_update(of=("self",), no_key=True).get(pk=minutes.pk)
    held.sitting = minutes.sitting
    if not may(held):
        raise StateConflict(minutes, verb)
