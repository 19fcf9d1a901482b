"""Receivers of the signals that concern mailing lists."""

from typing import Any

from django.dispatch import receiver

from assembly.notifications.signals import delivery_came_back
from mission.mailings import actions


@receiver(delivery_came_back)
def leave_subscriber_alone(sender: Any, *, delivery: Any, **_: Any) -> None:
    """Unsubscribe an address whose mail came back."""
    actions.leave_returned(delivery)
