"""Signal receivers of self-referrals: each one is one call to an action."""

from typing import Any

from django.dispatch import receiver

from consultations.self_referrals import actions
from sessions.signals import agenda_item_removed, ballot_cancelled, ballot_proclaimed, sitting_replaced


@receiver(ballot_proclaimed)
def take_result(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """Apply the vote of the plenary to its self-referral."""
    actions.take_result(ballot, by=by)


@receiver(ballot_cancelled)
def unlink_ballot(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """Detach a prepared vote that will not be held."""
    actions.unlink_ballot(ballot, by=by)


@receiver(agenda_item_removed)
def leave_item(sender: Any, *, item: Any, by: Any, **_: Any) -> None:
    """Take self-referrals off when their item is no longer on the agenda."""
    actions.leave_item(item, by=by)


@receiver(sitting_replaced)
def follow_sitting(sender: Any, *, sitting: Any, follower: Any, by: Any, **_: Any) -> None:
    """Move the votes to where the agenda of the sitting is copied."""
    actions.follow_sitting(sitting, follower, by=by)
