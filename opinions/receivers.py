"""Receivers of signals from the apps below: each calls one action."""

from typing import Any

from django.dispatch import receiver

from assembly.institution.signals import directorate_closed
from draws.signals import people_named
from opinions.adoption.actions import handover, voting
from opinions.checks import actions as checks
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
    """Apply the vote of the plenary to an opinion, or to a part of it."""
    voting.take_result(ballot, by=by)


@receiver(ballot_cancelled)
def unlink_ballot(sender: Any, *, ballot: Any, by: Any, **_: Any) -> None:
    """Unlink a prepared vote that will not be held."""
    voting.unlink_ballot(ballot, by=by)


@receiver(agenda_item_removed)
def leave_item(sender: Any, *, item: Any, by: Any, **_: Any) -> None:
    """Take off what was to be voted, since it is no longer on the agenda."""
    voting.leave_item(item, by=by)


@receiver(sitting_replaced)
def follow_sitting(sender: Any, *, sitting: Any, follower: Any, by: Any, **_: Any) -> None:
    """Move the vote to the sitting to which the agenda moves."""
    voting.follow_sitting(sitting, follower, by=by)


@receiver(sitting_notified)
def write_versions(sender: Any, *, sitting: Any, by: Any, **_: Any) -> None:
    """Save the texts that the sitting will read, as they were when it was convened."""
    voting.keep_versions_before(sitting, by=by)


@receiver(sitting_opened)
def freeze_texts(sender: Any, *, sitting: Any, by: Any, **_: Any) -> None:
    """Save the texts as they are at the opening, and close the amendments to what the plenary votes today."""
    voting.keep_versions_before(sitting, by=by)
    voting.freeze_at(sitting, by=by)


@receiver(sitting_opening_undone)
def resume_amendments(sender: Any, *, sitting: Any, opened_at: Any, by: Any, **_: Any) -> None:
    """Reopen the amendments that an opening by mistake closed, as long as their window lasts."""
    voting.resume_amendments(sitting, opened_at, by=by)


@receiver(people_named)
def take_names(sender: Any, *, draw: Any, people: Any, by: Any, **_: Any) -> None:
    """Record the names of the draw of the spokespersons."""
    handover.take_names(draw, people, by=by)


@receiver(directorate_closed)
def hand_to_successor(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Give the open checks of a closed directorate to its successor."""
    checks.pass_checks_to_successor(directorate, by=by)
