"""Follow-ups of published answers as everybody reads them: the state, the updates, the milestones with their days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.models import AnswerCase, FollowUp, Milestone, ProgressUpdate
from answers.rules.follow_up import late_days
from assembly.speed.compiled_query import CompiledQuery, pad_keys
from assembly.text.french import format_date


@dataclass(frozen=True)
class MilestoneSummary:
    """A milestone as it stands, with its former wordings, the last one first."""

    standing: Milestone
    former: list[Milestone]
    today: date

    @property
    def is_late(self) -> bool:
        one = self.standing
        return one.reached_on is None and not one.is_dropped and one.planned_on < self.today

    @property
    def first_planned_on(self) -> date | None:
        """Return the day that was promised first, if it is another."""
        first = self.former[-1].planned_on if self.former else self.standing.planned_on
        return first if first != self.standing.planned_on else None

    @property
    def days(self) -> str:
        """Return « 3 mars 2027, prévue le 1er février 2027 »: day reached, day promised, first promise."""
        one = self.standing
        parts = [format_date(one.reached_on, weekday=False)] if one.reached_on else []
        if one.reached_on != one.planned_on:
            parts.append(_("prévue le %(day)s") % {"day": format_date(one.planned_on, weekday=False)})
        if self.first_planned_on:
            parts.append(_("d’abord le %(day)s") % {"day": format_date(self.first_planned_on, weekday=False)})
        return ", ".join(parts)

    @property
    def reason(self) -> str:
        """Return the last reason that was given."""
        return next((one.reason for one in [self.standing, *self.former] if one.reason), "")


@dataclass(frozen=True)
class FollowUpSummary:
    """A follow-up with its updates, the last first, and its milestones in the order of their days."""

    follow_up: FollowUp
    updates: list[ProgressUpdate]
    milestones: list[MilestoneSummary]
    today: date

    @cached_property
    def standing_updates(self) -> list[ProgressUpdate]:
        """Return the updates that were not withdrawn."""
        return [one for one in self.updates if one.withdrawn_at is None]

    @property
    def latest(self) -> ProgressUpdate | None:
        return self.standing_updates[0] if self.standing_updates else None

    @property
    def earlier(self) -> list[ProgressUpdate]:
        """Return the updates before the latest, with the withdrawn ones in their place."""
        return [one for one in self.updates if one is not self.latest]

    @property
    def is_late(self) -> bool:
        return late_days(self.follow_up, self.today) > 0

    @property
    def due_sentence(self) -> str:
        """Return « Prochain point attendu le 3 mars 2027. », or since when it is missing, or when it was closed."""
        row = self.follow_up
        if row.ended_on:
            return _("Suivi clos le %(day)s.") % {"day": format_date(row.ended_on, weekday=False)}
        day = format_date(row.update_due_on, weekday=False)
        late = late_days(row, self.today)
        if not late:
            return _("Prochain point attendu le %(day)s.") % {"day": day}
        template = ngettext(
            "Un point était attendu le %(day)s : il manque depuis %(n)s jour.",
            "Un point était attendu le %(day)s : il manque depuis %(n)s jours.",
            late,
        )
        return template % {"day": day, "n": late}


def standing_milestones(follow_up: FollowUp) -> list[Milestone]:
    """Return the last wording of each milestone, in the order of their numbers."""
    rows = Milestone.objects.filter(follow_up=follow_up).order_by("number", "-version").distinct("number")
    return list(rows)


def milestone_summaries(rows: Iterable[Milestone], today: date) -> list[MilestoneSummary]:
    """Return the milestones by day; `rows` are all wordings, by number, the last one first."""
    milestones = []
    for _number, versions in groupby(rows, key=lambda one: one.number):
        standing, *former = versions
        milestones.append(MilestoneSummary(standing, former, today))
    return sorted(
        milestones, key=lambda one: (one.standing.reached_on or one.standing.planned_on, one.standing.number)
    )


def updates_of(rows: tuple[int, ...]) -> QuerySet[ProgressUpdate]:
    updates = ProgressUpdate.objects.filter(follow_up__in=rows).select_related("document", "photo", "directorate")
    return updates.order_by("-number").for_screen()


FOLLOW_UPS = CompiledQuery(
    lambda cases: FollowUp.objects.filter(case__in=cases).select_related("directorate").for_screen()
)
UPDATES = CompiledQuery(updates_of)
MILESTONES = CompiledQuery(
    lambda rows: Milestone.objects.filter(follow_up__in=rows).order_by("follow_up", "number", "-version")
)


def follow_up_summaries(cases: Iterable[AnswerCase | int]) -> dict[int, FollowUpSummary]:
    """Return the follow-ups by the key of their case, with three queries, or one where nothing is followed up."""
    case_keys = [case if isinstance(case, int) else case.pk for case in cases]
    rows = list(FOLLOW_UPS(pad_keys(case_keys))) if case_keys else []
    if not rows:
        return {}
    updates: dict[int, list[ProgressUpdate]] = defaultdict(list)
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    keys = pad_keys([row.pk for row in rows])
    for update in UPDATES(keys):
        updates[update.follow_up_id].append(update)
    for one in MILESTONES(keys):
        milestones[one.follow_up_id].append(one)
    today = timezone.localdate()
    return {
        row.case_id: FollowUpSummary(row, updates[row.pk], milestone_summaries(milestones[row.pk], today), today)
        for row in rows
    }
