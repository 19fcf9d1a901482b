"""What sittings do when something happens below: each receiver is one call to an action."""

from typing import Any

from django.dispatch import receiver

from assembly.identity.signals import standing_ended
from sessions.actions import departures


@receiver(standing_ended)
def withdraw_what_was_to_come(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Whoever would not be convened any more is no longer asked, and the links sent are dead."""
    departures.leave(person, by=by)
