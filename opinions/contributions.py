"""To-do lines of all features, read in one statement for each area; receivers of the apps below.

Each receiver calls one action.
"""

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from assembly.institution import todo
from assembly.institution.models import Term
from assembly.institution.rules import is_member, is_team
from assembly.institution.signals import directorate_closed
from assembly.institution.todo import add_to_do
from draws.signals import people_named
from opinions.adoption.actions import handover, voting
from opinions.amendments import contributions as amendments
from opinions.checks import actions as checks
from opinions.opinions.contributions import SECTION, TITLED, next_line, visa_line, writing_line
from opinions.opinions.queries import for_team, to_sign, to_write
from sessions.signals import (
    agenda_item_removed,
    ballot_cancelled,
    ballot_proclaimed,
    sitting_notified,
    sitting_opened,
    sitting_opening_undone,
    sitting_replaced,
)

DESK = todo.PendingLists(
    todo.PendingRows(for_team, TITLED | {"state": "state"}, next_line, sort_field="title"), *amendments.DESK
)
MEMBER = todo.PendingLists(
    todo.PendingRows(to_write, SECTION, writing_line, due="opinion__referral__due_on", sort_field="title"),
    todo.PendingRows(to_sign, TITLED, visa_line, sort_field="title"),
    *amendments.MEMBER,
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the opinions whose next step is the team's, or whose amendments are to be checked."""
    return [DESK] if is_team(user, term) else []


def member_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return what a member has to do: texts to write, visas to give, amendments and positions."""
    return [MEMBER] if is_member(user, term) else []


add_to_do("desk", desk_lines)
add_to_do("member", member_lines)


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
