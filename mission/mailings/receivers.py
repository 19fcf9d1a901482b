"""What lists do when something happens below."""

from typing import Any

from django.dispatch import receiver

from assembly.notifications.signals import delivery_came_back
from mission.mailings import actions


@receiver(delivery_came_back)
def leave_subscriber_alone(sender: Any, *, delivery: Any, **_: Any) -> None:
    """Nobody is written to again at an address that does not work."""
    actions.leave_returned(delivery)
