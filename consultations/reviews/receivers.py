"""Signal receivers of reviews: each one is one call to an action."""

from typing import Any

from django.dispatch import receiver

from assembly.institution.signals import directorate_closed
from consultations.reviews.actions import answering


@receiver(directorate_closed)
def pass_to_successor(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Give the open requests of a closed directorate to its successor."""
    answering.pass_reviews_to_successor(directorate, by=by)
