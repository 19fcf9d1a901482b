"""Answers to an opinion, worded alike for members and for anybody: in force, former, or the clock."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.follow_up.queries import FollowUpSummary, follow_up_summaries
from answers.models import Answer, AnswerCase
from answers.queries.ratings import rating_sentence, total_of
from answers.rules.clocks import Clock, clock_of
from assembly.speed.compiled_query import CompiledQuery, pad_keys
from assembly.text.french import format_date
from opinions.models import Opinion, Recommendation
from opinions.versions.models import RecommendationState


@dataclass(frozen=True)
class AnswerSummary:
    """One recommendation, or a whole opinion, with its published answers, the last one first, and its clock.

    `case` is None for a recommendation that was not handed over.
    """

    recommendation: Recommendation | None
    case: AnswerCase | None
    versions: list[Answer]
    today: date
    follow_up: FollowUpSummary | None = None

    @property
    def answer(self) -> Answer | None:
        """Return the answer in force."""
        return self.versions[0] if self.versions else None

    @property
    def former(self) -> list[Answer]:
        return self.versions[1:]

    @property
    def rating_sentence(self) -> str:
        """Return what members think of the answer in force; empty until five ratings are published."""
        total = total_of(self.answer) if self.answer else None
        return rating_sentence(total) if total else ""

    @property
    def clock(self) -> Clock | None:
        return clock_of(self.case, self.today) if self.case else None

    @property
    def clock_sentence(self) -> str:
        """Return « Réponse attendue avant le 11 janvier 2027 : dans 44 jours. », or how long it took, or nothing."""
        if self.case is None or self.clock is None or not (self.case.is_owed or self.case.answered_on):
            return ""
        return clock_sentence(self.case, self.clock)

    @property
    def sealed_clock_sentence(self) -> str:
        """Return the same without what changes from day to day: for sealed files."""
        if self.case is None or self.case.answered_on or not self.clock_sentence:
            return self.clock_sentence
        return _("Réponse attendue avant le %(day)s.") % {"day": format_date(self.case.due_on, weekday=False)}


def clock_sentence(case: AnswerCase, clock: Clock) -> str:
    """Return one sentence: the due day and the days left, or how late it is, or how long the answer took."""
    if case.answered_on:
        sentence = _("Donnée %(span)s après la remise") % {"span": format_days(clock.since)}
        late = _(", avec %(span)s de retard") % {"span": format_days(clock.late)} if clock.is_late else ""
        return f"{sentence}{late}."
    if clock.is_late:
        left = _("en retard de %(span)s") % {"span": format_days(clock.late)}
    else:
        left = _("dans %(span)s") % {"span": format_days(clock.left)} if clock.left else _("c’est aujourd’hui")
    values = {"day": format_date(case.due_on, weekday=False), "left": left}
    return _("Réponse attendue avant le %(day)s : %(left)s.") % values


def format_days(days: int) -> str:
    """Return « 44 jours »: always in days, as they are promised and counted."""
    return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}


def versions_of(cases: tuple[int, ...]) -> QuerySet[Answer]:
    rows = Answer.objects.published().filter(case__in=cases).select_related("document", "rating_total")
    return rows.order_by("-number").for_screen()


VERSIONS = CompiledQuery(versions_of)


def published_of(cases: Iterable[AnswerCase]) -> dict[int, list[Answer]]:
    """Return every published version of each case, the last one first."""
    versions: dict[int, list[Answer]] = defaultdict(list)
    keys = [case.pk for case in cases]
    for answer in VERSIONS(pad_keys(keys)) if keys else ():
        versions[answer.case_id].append(answer)
    return versions


def answered_recommendations(opinion: int) -> QuerySet[Recommendation]:
    rows = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE).exclude(reference="")
    return rows.select_related("answer_case__directorate").order_by("number", "pk").for_screen()


RECOMMENDATIONS = CompiledQuery(answered_recommendations)


def answer_summaries(opinion: Opinion) -> list[AnswerSummary]:
    """Return one entry for each recommendation with a reference, or one for an opinion without any.

    Two queries, three more at most where an answer is published. Drafts are not read; an answer is published only next
    to a published opinion.
    """
    recommendations = list(RECOMMENDATIONS(opinion.pk))
    if recommendations:
        return summaries_of((row, getattr(row, "answer_case", None)) for row in recommendations)
    return summaries_of(
        (None, case) for case in AnswerCase.objects.filter(whole_of=opinion).select_related("directorate")
    )


def summaries_of(pairs: Iterable[tuple[Recommendation | None, AnswerCase | None]]) -> list[AnswerSummary]:
    """Return the entries of these pairs: one query, two if an answer is published, four if one is followed up."""
    rows, today = list(pairs), timezone.localdate()
    versions = published_of(case for _row, case in rows if case)
    follow_ups = follow_up_summaries(versions)
    return [
        AnswerSummary(row, case, versions[case.pk] if case else [], today, follow_ups.get(case.pk) if case else None)
        for row, case in rows
    ]
