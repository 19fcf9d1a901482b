"""What opinions do when something happens below: each receiver is one call to an action."""

from typing import Any

from django.dispatch import receiver

from draws.signals import people_named
from opinions.actions import adoption, handover, sitting_versions, tabling
from sessions.signals import (
    agenda_item_removed,
    ballot_cancelled,
    ballot_proclaimed,
    sitting_notified,
    sitting_opened,
    sitting_opening_undone,
    sitting_replaced,
)


@receiver(ballot_proclaimed)
def take_result(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """The vote of the plenary decides of an opinion, or of a part of it."""
    adoption.take_result(ballot, by=by)


@receiver(ballot_cancelled)
def forget_ballot(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """The vote that was prepared will not be held."""
    adoption.forget_ballot(ballot, by=by)


@receiver(agenda_item_removed)
def leave_item(sender: Any, *, item: Any, by: Any, **_: Any) -> None:
    """What was to be voted is no longer on the agenda."""
    tabling.leave_item(item, by=by)


@receiver(sitting_replaced)
def follow_sitting(sender: Any, *, sitting: Any, follower: Any, by: Any, **_: Any) -> None:
    """The vote goes where the agenda goes."""
    tabling.follow_sitting(sitting, follower, by=by)


@receiver(sitting_notified)
def write_versions(sender: Any, *, sitting: Any, by: Any, **_: Any) -> None:
    """What the sitting will read stays as it was when it was convened."""
    sitting_versions.keep_versions_before(sitting, by=by)


@receiver(sitting_opened)
def begin(sender: Any, *, sitting: Any, by: Any, **_: Any) -> None:
    """The texts as they stand at the opening; what the plenary votes today takes no amendment any more."""
    sitting_versions.keep_versions_before(sitting, by=by)
    sitting_versions.freeze_at(sitting, by=by)


@receiver(sitting_opening_undone)
def begin_again(sender: Any, *, sitting: Any, opened_at: Any, by: Any, **_: Any) -> None:
    """It was opened by mistake: what it froze takes amendments again, as long as their hours last."""
    sitting_versions.resume_amendments(sitting, opened_at, by=by)


@receiver(people_named)
def take_names(sender: Any, *, draw: Any, people: Any, by: Any, **_: Any) -> None:
    """The draw of the spokespersons has its names."""
    handover.take_names(draw, people, by=by)
