"""Signal receivers of sittings: each one is one call to an action."""

from typing import Any

from django.dispatch import receiver

from assembly.identity.signals import standing_ended
from sessions.actions import absences, departures


@receiver(standing_ended)
def withdraw_invitations(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Withdraw the invitations that the person would not receive any more, and their links."""
    departures.withdraw_invitations(person, by=by)


@receiver(standing_ended)
def lift_cases(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Lift the open absence cases of a mandate that ended."""
    absences.lift_cases(person)
