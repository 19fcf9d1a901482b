"""What sittings do when something happens below: each receiver is one call to an action."""

from typing import Any

from django.dispatch import receiver

from assembly.identity.signals import standing_ended
from sessions.actions import absences, departures


@receiver(standing_ended)
def withdraw_what_was_to_come(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Whoever would not be convened any more is no longer asked, and the links sent are dead."""
    departures.leave(person, by=by)


@receiver(standing_ended)
def lift_what_was_to_decide(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Nobody decides about the absences of a mandate that ended."""
    absences.leave(person)
