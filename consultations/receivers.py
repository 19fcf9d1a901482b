"""What referrals do when something happens below: each receiver is one call to an action."""

from typing import Any

from django.dispatch import receiver

from assembly.institution.signals import directorate_closed
from consultations.actions import answers


@receiver(directorate_closed)
def hand_to_heir(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Open requests of a closed directorate go to its successor."""
    answers.inherit(directorate, by=by)
