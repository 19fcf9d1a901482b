"""What referrals do when something happens below: each receiver is one call to an action."""

from typing import Any

from django.dispatch import receiver

from assembly.institution.signals import directorate_closed
from consultations.actions import answers, self_referral_vote
from sessions.signals import agenda_item_removed, ballot_cancelled, ballot_proclaimed, sitting_replaced


@receiver(directorate_closed)
def hand_to_heir(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Open requests of a closed directorate go to its successor."""
    answers.inherit(directorate, by=by)


@receiver(ballot_proclaimed)
def take_result(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """The vote of the plenary decides of a self-referral."""
    self_referral_vote.take_result(ballot, by=by)


@receiver(ballot_cancelled)
def forget_ballot(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """The vote that was prepared will not be held."""
    self_referral_vote.forget_ballot(ballot, by=by)


@receiver(agenda_item_removed)
def leave_item(sender: Any, *, item: Any, by: Any, **_: Any) -> None:
    """What was to be voted is no longer on the agenda."""
    self_referral_vote.leave_item(item, by=by)


@receiver(sitting_replaced)
def follow_sitting(sender: Any, *, sitting: Any, follower: Any, by: Any, **_: Any) -> None:
    """The vote goes where the agenda goes."""
    self_referral_vote.follow_sitting(sitting, follower, by=by)
