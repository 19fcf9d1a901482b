"""What the council promised in published answers and where it stands, alike for the public and the back office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from answers.cases.models import answering
from answers.enums import FOLLOWED_VALUES
from answers.follow_up.models import FollowUpQuerySet
from answers.follow_up.queries import FollowUpSummary, follow_up_summaries
from answers.models import Answer, FollowUp
from answers.queries.follow_up_thread import update_links
from answers.queries.summaries import published_of
from assembly.institution.models import Term
from assembly.text.french import local_day
from opinions.opinions.queries import published_opinions


@dataclass(frozen=True)
class Commitment:
    """One promise; `answer` is the last published version that promises something, even if a later one does not."""

    follow_up: FollowUp
    answer: Answer
    summary: FollowUpSummary

    @property
    def text(self) -> str:
        """Return the text of the promise: what is planned, else what is retained, else the whole answer."""
        return self.answer.action or self.answer.retained or self.answer.body

    @property
    def theme(self) -> str:
        row = self.follow_up.case.recommendation
        return row.theme if row else ""

    @property
    def address(self) -> str:
        """Return the address of its thread, which never changes."""
        return reverse("answers:thread", args=[self.follow_up.case.reference])

    @cached_property
    def by_when(self) -> tuple[date, str] | None:
        """Return the last promised day with its milestone, or the day when a study is reviewed, or None."""
        milestones = [one.standing for one in self.summary.milestones if not one.standing.is_dropped]
        if milestones:
            last = max(milestones, key=lambda one: one.planned_on)
            return last.planned_on, last.label
        return (self.answer.review_on, "") if self.answer.review_on else None

    @property
    def is_overdue(self) -> bool:
        """Return whether the promised day has passed and nobody closed the follow-up."""
        is_open, by_when = self.follow_up.is_open, self.by_when
        return is_open and by_when is not None and by_when[0] < self.summary.today

    @property
    def last_update_on(self) -> date | None:
        return local_day(self.summary.latest.at) if self.summary.latest else None

    @property
    def last_text(self) -> str:
        return self.summary.latest.text if self.summary.latest else ""

    @property
    def directorate_name(self) -> str:
        return self.follow_up.directorate.name if self.follow_up.directorate else ""

    @property
    def proofs(self) -> list[str]:
        """Return the addresses of the proof in the last update."""
        links = update_links(self.summary.latest) if self.summary.latest else []
        return [settings.SITE_URL + link.url if link.url.startswith("/") else link.url for link in links]

    @property
    def state_label(self) -> str:
        return capfirst(self.follow_up.get_state_display())


def public_follow_ups() -> FollowUpQuerySet:
    """Return the follow-ups of every published opinion of the assembly shown on the public pages."""
    return FollowUp.objects.filter(answering(published_opinions().values("pk"), "case__"))


def follow_ups_of(term: Term) -> FollowUpQuerySet:
    """Return the follow-ups of a term; they belong to published opinions."""
    return FollowUp.objects.of_terms([term.pk])


def commitments_of(rows: Iterable[FollowUp]) -> list[Commitment]:
    """Build the commitments of follow-ups read `with_dossier`, in their order, with four queries."""
    follow_ups = list(rows)
    histories = follow_up_summaries([row.case_id for row in follow_ups])
    versions = published_of([row.case for row in follow_ups])
    return [
        Commitment(row, last_promise(versions[row.case_id]), histories[row.case_id])
        for row in follow_ups
        if versions[row.case_id]
    ]


def last_promise(versions: list[Answer]) -> Answer:
    return next((one for one in versions if one.value in FOLLOWED_VALUES), versions[0])
