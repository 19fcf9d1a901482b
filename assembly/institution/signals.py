"""News that travel up: `notifications` hears `invitation_issued` and writes to the persons invited.

`consultations` hears `directorate_closed` and gives what was still asked to the successor. That a role or a seat ended
is `standing_ended` of `identity`, as for accounts.
"""

from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal


@dataclass(frozen=True)
class IssuedInvitation:
    """An invitation, its personal link (for the mail) and its code (for the letter). Neither is kept anywhere."""

    invitation: Any
    link: str
    code: str


# Sent inside the transaction of the act with `issued: list[Issued]` and `by: User`. One act, one distribution.
invitation_issued = Signal()

# Sent inside the transaction that closes a directorate, with `directorate: Directorate` and `by: User`.
directorate_closed = Signal()
