"""Signal receivers of referrals: each one is one call to an action."""

from typing import Any

from django.dispatch import receiver

from assembly.institution.signals import directorate_closed
from consultations.actions import self_referral_vote
from consultations.reviews.actions import answering
from sessions.signals import agenda_item_removed, ballot_cancelled, ballot_proclaimed, sitting_replaced


@receiver(directorate_closed)
def pass_to_successor(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Give the open requests of a closed directorate to its successor."""
    answering.pass_reviews_to_successor(directorate, by=by)


@receiver(ballot_proclaimed)
def take_result(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """Apply the vote of the plenary to its self-referral."""
    self_referral_vote.take_result(ballot, by=by)


@receiver(ballot_cancelled)
def unlink_ballot(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """Detach a prepared vote that will not be held."""
    self_referral_vote.unlink_ballot(ballot, by=by)


@receiver(agenda_item_removed)
def leave_item(sender: Any, *, item: Any, by: Any, **_: Any) -> None:
    """Take self-referrals off when their item is no longer on the agenda."""
    self_referral_vote.leave_item(item, by=by)


@receiver(sitting_replaced)
def follow_sitting(sender: Any, *, sitting: Any, follower: Any, by: Any, **_: Any) -> None:
    """Move the votes to where the agenda of the sitting is copied."""
    self_referral_vote.follow_sitting(sitting, follower, by=by)
