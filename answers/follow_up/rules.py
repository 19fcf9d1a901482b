"""Rights on a follow-up, its days, and what an update or a milestone is to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet

from answers.models import FollowUp, Milestone, ProgressUpdate
from assembly.documents.models import Upload
from assembly.identity.personal_data import months_later
from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, CommitteeKind, CommitteeMembership, Term
from assembly.institution.rules import has_role
from assembly.text.printable import check_text
from opinions.sections.queries import seats_today


def is_in_charge(user: Any, follow_up: FollowUp) -> bool:
    """Return whether the user is contact or approver of the directorate in charge."""
    directorate_id = follow_up.directorate_id
    return directorate_id is not None and has_role(user, DIRECTORATE_ROLES, directorate=directorate_id)


def sits_in_committee(user: Any, follow_up: FollowUp) -> bool:
    """Return whether the user sits today in the follow-up committee of the term."""
    return follow_up_seats(user).filter(committee__term=follow_up.case.opinion.term_id).exists()


def follow_up_seats(user: Any) -> QuerySet[CommitteeMembership]:
    """Return the seats of this reader in follow-up committees today; none for a suspended user."""
    seats = seats_on_committee(getattr(user, "person_id", None))
    return seats if user.is_authenticated and user.is_active else seats.none()


def seats_on_committee(person: int | None) -> QuerySet[CommitteeMembership]:
    """Return the seats of a person in open follow-up committees today."""
    return seats_today().filter(person=person, committee__kind=CommitteeKind.FOLLOW_UP, committee__closed_on=None)


def can_see_follow_ups(user: Any, term: Term | int) -> bool:
    """Return whether the user may open the list of the back office."""
    return has_role(user, TEAM_ROLES, term=term)


def update_due(on: date, term: Term) -> date:
    """Return the day by which the next update is due: the rule of the term."""
    return months_later(on, term.follow_up_months)


def late_days(follow_up: FollowUp, today: date) -> int:
    """Return the days since the update was due; 0 while it is not late, and for a closed follow-up."""
    return max((today - follow_up.update_due_on).days, 0) if follow_up.update_due_on else 0


@dataclass(frozen=True)
class UpdateContent:
    """Content of one update.

    `reached`: the day on which milestones were reached, by their number; `added`: a new milestone with its day.
    """

    state: str
    text: str
    document: Upload | None = None
    link: str = ""
    photo: Upload | None = None
    photo_description: str = ""
    consent: str = ""
    consent_on: date | None = None
    reached: Mapping[int, date] = field(default_factory=dict)
    added: tuple[str, date] | None = None

    @property
    def is_proved(self) -> bool:
        return bool(self.document or self.link or self.photo)


@dataclass(frozen=True)
class MilestoneContent:
    """A milestone as it should read; `version` is the wording that was read."""

    number: int
    version: int
    label: str
    planned_on: date
    reached_on: date | None
    is_dropped: bool

    @property
    def columns(self) -> dict[str, object]:
        return {
            "label": check_text(self.label).strip(),
            "planned_on": self.planned_on,
            "reached_on": self.reached_on,
            "is_dropped": self.is_dropped,
        }


def last_number(model: type[ProgressUpdate] | type[Milestone], follow_up: FollowUp) -> int:
    return model._base_manager.filter(follow_up=follow_up).aggregate(last=Max("number"))["last"] or 0
