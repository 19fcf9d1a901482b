"""What an update or a milestone is to say, before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max

from answers.models import FollowUp, Milestone, ProgressUpdate
from assembly.documents.models import Upload
from assembly.text.printable import check_text


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
