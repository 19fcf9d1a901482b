"""Answers to an opinion, worded alike for members and for anybody: in force, former, or the clock."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.models import Answer, AnswerFile
from answers.queries.follow_up import ToldFollowUp, told_follow_ups
from answers.queries.ratings import rating_words, total_of
from answers.rules.clocks import Clock, clock_of
from assembly.ui.compiled_query import CompiledQuery, few_lengths
from assembly.ui.words import date_words
from opinions.enums import RecommendationState
from opinions.models import Opinion, Recommendation


@dataclass(frozen=True)
class ToldAnswer:
    """One recommendation, or a whole opinion, with its published answers, the last one first, and its clock.

    `file` is None for a recommendation that was not handed over.
    """

    recommendation: Recommendation | None
    file: AnswerFile | None
    versions: list[Answer]
    today: date
    follow_up: ToldFollowUp | None = None

    @property
    def answer(self) -> Answer | None:
        """Return the answer in force."""
        return self.versions[0] if self.versions else None

    @property
    def former(self) -> list[Answer]:
        return self.versions[1:]

    @property
    def rating_words(self) -> str:
        """Return what members think of the answer in force; empty until five ratings are published."""
        total = total_of(self.answer) if self.answer else None
        return rating_words(total) if total else ""

    @property
    def clock(self) -> Clock | None:
        return clock_of(self.file, self.today) if self.file else None

    @property
    def clock_words(self) -> str:
        """Return « Réponse attendue avant le 11 janvier 2027 : dans 44 jours. », or how long it took, or nothing."""
        if self.file is None or self.clock is None or not (self.file.is_owed or self.file.answered_on):
            return ""
        return clock_words(self.file, self.clock)

    @property
    def lasting_words(self) -> str:
        """Return the same without what changes from day to day: for sealed files."""
        if self.file is None or self.file.answered_on or not self.clock_words:
            return self.clock_words
        return _("Réponse attendue avant le %(day)s.") % {"day": date_words(self.file.due_on, weekday=False)}


def clock_words(file: AnswerFile, clock: Clock) -> str:
    """Return one sentence: the due day and the days left, or how late it is, or how long the answer took."""
    if file.answered_on:
        sentence = _("Donnée %(span)s après la remise") % {"span": days_words(clock.since)}
        late = _(", avec %(span)s de retard") % {"span": days_words(clock.late)} if clock.is_late else ""
        return f"{sentence}{late}."
    if clock.is_late:
        left = _("en retard de %(span)s") % {"span": days_words(clock.late)}
    else:
        left = _("dans %(span)s") % {"span": days_words(clock.left)} if clock.left else _("c’est aujourd’hui")
    values = {"day": date_words(file.due_on, weekday=False), "left": left}
    return _("Réponse attendue avant le %(day)s : %(left)s.") % values


def days_words(days: int) -> str:
    """Return « 44 jours »: always in days, as they are promised and counted."""
    return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}


def versions_of(files: tuple[int, ...]) -> QuerySet[Answer]:
    rows = Answer.objects.published().filter(file__in=files).select_related("document", "rating_total")
    return rows.order_by("-number").for_screen()


VERSIONS = CompiledQuery(versions_of)


def published_of(files: Iterable[AnswerFile]) -> dict[int, list[Answer]]:
    """Return every published version of each case, the last one first."""
    versions: dict[int, list[Answer]] = defaultdict(list)
    keys = [file.pk for file in files]
    for answer in VERSIONS(few_lengths(keys)) if keys else ():
        versions[answer.file_id].append(answer)
    return versions


def answered_recommendations(opinion: int) -> QuerySet[Recommendation]:
    rows = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE).exclude(reference="")
    return rows.select_related("answer_file__directorate").order_by("number", "pk").for_screen()


RECOMMENDATIONS = CompiledQuery(answered_recommendations)


def told_answers(opinion: Opinion) -> list[ToldAnswer]:
    """Return one entry for each recommendation with a reference, or one for an opinion without any.

    Two queries, three more at most where an answer is published. Drafts are not read; an answer is published only next
    to a published opinion.
    """
    recommendations = list(RECOMMENDATIONS(opinion.pk))
    if recommendations:
        return told_of((row, getattr(row, "answer_file", None)) for row in recommendations)
    return told_of((None, file) for file in AnswerFile.objects.filter(whole_of=opinion).select_related("directorate"))


def told_of(pairs: Iterable[tuple[Recommendation | None, AnswerFile | None]]) -> list[ToldAnswer]:
    """Return the entries of these pairs: one query, two if an answer is published, four if one is followed up."""
    rows, today = list(pairs), timezone.localdate()
    versions = published_of(file for _row, file in rows if file)
    follow_ups = told_follow_ups(versions)
    return [
        ToldAnswer(row, file, versions[file.pk] if file else [], today, follow_ups.get(file.pk) if file else None)
        for row, file in rows
    ]
