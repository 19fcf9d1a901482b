"""Remarks and hearings of the follow-up committee, and the follow-ups that its members read."""

from dataclasses import dataclass
from typing import Any

from answers.cases.models import answering
from answers.follow_up.models import FollowUpQuerySet
from answers.models import FollowUp, FollowUpHearing, FollowUpRemark
from answers.queries.follow_up_desk import with_latest
from answers.rules.follow_up import follow_up_seats
from opinions.models import Opinion


@dataclass(frozen=True)
class CommitteeNotes:
    """Remarks and hearings of one follow-up, the latest first."""

    remarks: list[FollowUpRemark]
    hearings: list[FollowUpHearing]

    def __bool__(self) -> bool:
        return bool(self.remarks or self.hearings)


def committee_notes(follow_up: FollowUp) -> CommitteeNotes:
    """Return the remarks and hearings of a follow-up, with two queries."""
    return CommitteeNotes(
        list(FollowUpRemark.objects.filter(follow_up=follow_up).select_related("by__person")),
        list(FollowUpHearing.objects.filter(follow_up=follow_up)),
    )


def hearings_to_record(follow_up: FollowUp) -> list[FollowUpHearing]:
    return list(FollowUpHearing.objects.filter(follow_up=follow_up, heard_on=None).order_by("pk"))


def follow_ups_for_committee(user: Any) -> FollowUpQuerySet:
    """Return the follow-ups of published opinions of the terms in whose follow-up committee the reader sits today."""
    seats = follow_up_seats(user)
    opinions = Opinion.objects.public().filter(term__in=seats.values("committee__term"))
    return with_latest(FollowUp.objects.filter(answering(opinions.values("pk"), "case__")))
