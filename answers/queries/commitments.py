"""What the council promised in its published answers and where it stands: the same for anybody and for the bureau."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from answers.enums import FOLLOWED_VALUES
from answers.models import Answer, FollowUp
from answers.models.answer_file import answering
from answers.models.follow_up import FollowUpQuerySet
from answers.queries.follow_up import ToldFollowUp, told_follow_ups
from answers.queries.follow_up_thread import update_links
from answers.queries.told import published_of
from assembly.institution.models import Term
from assembly.ui.words import local_day
from opinions.queries.rooms import published_opinions


@dataclass(frozen=True)
class Commitment:
    """One promise: `answer` is the last published version that promises, whatever a later one says."""

    follow_up: FollowUp
    answer: Answer
    told: ToldFollowUp

    @property
    def words(self) -> str:
        """What is promised, quoted: what is planned, else what is kept, else the whole answer."""
        return self.answer.action or self.answer.kept or self.answer.body

    @property
    def theme(self) -> str:
        row = self.follow_up.file.recommendation
        return row.theme if row else ""

    @property
    def address(self) -> str:
        """Its thread, for ever."""
        return reverse("answers:thread", args=[self.follow_up.file.reference])

    @cached_property
    def by_when(self) -> tuple[date, str] | None:
        """The last day that is promised and what will be then; the day of another look, of what is under study."""
        kept = [one.standing for one in self.told.milestones if not one.standing.is_dropped]
        if kept:
            last = max(kept, key=lambda one: one.planned_on)
            return last.planned_on, last.label
        return (self.answer.review_on, "") if self.answer.review_on else None

    @property
    def is_overdue(self) -> bool:
        """The promised day is gone by, and nobody closed it."""
        is_open, by_when = self.follow_up.is_open, self.by_when
        return is_open and by_when is not None and by_when[0] < self.told.today

    @property
    def last_told_on(self) -> date | None:
        return local_day(self.told.latest.at) if self.told.latest else None

    @property
    def last_words(self) -> str:
        return self.told.latest.words if self.told.latest else ""

    @property
    def directorate_name(self) -> str:
        return self.follow_up.directorate.name if self.follow_up.directorate else ""

    @property
    def proofs(self) -> list[str]:
        """Addresses of what shows the last update."""
        links = update_links(self.told.latest) if self.told.latest else []
        return [settings.SITE_URL + link.url if link.url.startswith("/") else link.url for link in links]

    @property
    def state_words(self) -> str:
        return capfirst(self.follow_up.get_state_display())


def public_follow_ups() -> FollowUpQuerySet:
    """Of every published opinion of the assembly that the public pages speak for."""
    return FollowUp.objects.filter(answering(published_opinions().values("pk"), "file__"))


def follow_ups_of(term: Term) -> FollowUpQuerySet:
    """Of the published opinions of a term."""
    return FollowUp.objects.of_terms([term.pk])


def commitments_of(rows: Iterable[FollowUp]) -> list[Commitment]:
    """Of follow-ups read `with_dossier`, in their order: four statements."""
    follow_ups = list(rows)
    told = told_follow_ups([row.file_id for row in follow_ups])
    versions = published_of([row.file for row in follow_ups])
    return [
        Commitment(row, promising(versions[row.file_id]), told[row.file_id])
        for row in follow_ups
        if versions[row.file_id]
    ]


def promising(versions: list[Answer]) -> Answer:
    return next((one for one in versions if one.value in FOLLOWED_VALUES), versions[0])
