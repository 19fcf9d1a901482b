"""Signals for the apps above: `notifications` receives `invitation_issued` and writes to the invited persons.

`consultations`, `opinions` and `answers` receive `directorate_closed` and pass what was still asked to the successor.
The end of a role or a seat is `standing_ended` of `identity`, as for accounts.
"""

from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal


@dataclass(frozen=True)
class IssuedInvitation:
    """Invitation with its personal link (for the mail) and its code (for the letter); neither is stored."""

    invitation: Any
    link: str
    code: str


# Sent inside the transaction of the act with `issued: list[IssuedInvitation]`, `by: User`: one distribution per act.
invitation_issued = Signal()

# Sent inside the transaction that closes a directorate, with `directorate: Directorate` and `by: User`.
directorate_closed = Signal()
