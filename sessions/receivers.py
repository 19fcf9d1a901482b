"""Signal receivers of sittings: each one is one call to an action."""

from typing import Any

from django.dispatch import receiver

from assembly.identity.signals import standing_ended
from sessions.attendance import actions as attendance
from sessions.sittings.actions import convening


@receiver(standing_ended)
def withdraw_invitations(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Withdraw the invitations that the person would not receive any more, and their links."""
    convening.withdraw_invitations(person, by=by)


@receiver(standing_ended)
def lift_cases(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Lift the open absence cases of a mandate that ended."""
    attendance.lift_cases(person)
