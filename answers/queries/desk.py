"""Queries of the back office: rows of its board, options of its filters, what is pending for the team."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.cases.models import AnswerCaseQuerySet
from answers.enums import AnswerCaseState, FollowUpState
from answers.models import Answer, AnswerCase, FollowUpHearing
from answers.queries.scoreboard import counted, scored
from answers.queries.table import OPINION, TABLE_KIND
from assembly.documents.models import Document
from assembly.institution.models import Directorate, Term
from assembly.institution.reader_query import ReaderQuery
from assembly.speed.queryset import rank_in
from assembly.text.french import format_number
from opinions.models import Opinion, OpinionSection, Recommendation

S = AnswerCaseState
UPDATE_DUE = "follow_up__update_due_on"


def cases_for_board(user: Any, term: Term) -> AnswerCaseQuerySet:
    """Return the cases of the term, each with the value of its last version and the number of helping directorates."""
    last = Answer.objects.not_abandoned().filter(case=OuterRef("pk")).order_by("-number")
    helping = AnswerCase.associated.through.objects.filter(answercase=OuterRef("pk")).order_by()
    rows = AnswerCase.objects.visible_to(user).of_terms([term.pk]).with_dossier()
    return rows.annotate(
        rank=rank_in(AnswerCaseState),
        last_value=Subquery(last.values("value")[:1]),
        helping=Subquery(helping.values("answercase").annotate(n=Count("pk")).values("n")),  # type: ignore[misc]  # -- n: annotated
    )


@dataclass(frozen=True)
class BoardChoices:
    """Options of the filters of the board: only what some case of the term has, with one query each."""

    opinions: list[tuple[int, str]]
    directorates: list[tuple[int, str]]
    themes: list[str]
    sections: list[tuple[int, str]]
    states: dict[str, int]


def board_choices(term: Term) -> BoardChoices:
    """Return the options for the team, which sees every case of its term."""
    cases = AnswerCase.objects.of_terms([term.pk])
    owed = Recommendation.objects.filter(opinion__term=term, answer_case__isnull=False)
    named = Q(pk__in=owed.values("opinion")) | Q(answer_case__isnull=False)
    opinions = Opinion.objects.filter(term=term).filter(named).order_by("reference", "pk")
    helping = AnswerCase.associated.through.objects.filter(answercase__in=cases)
    condition = Q(pk__in=cases.values("directorate")) | Q(pk__in=helping.values("directorate"))
    sections = OpinionSection.objects.filter(pk__in=owed.values("section")).order_by("opinion", "position", "pk")
    counts = cases.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    return BoardChoices(
        opinions=[
            (pk, f"{ref} {title}".strip()) for pk, ref, title in opinions.values_list("pk", "reference", "title")
        ],
        directorates=list(
            Directorate.objects.filter(condition).order_by("name__alphabetical").values_list("pk", "name")
        ),
        themes=list(owed.exclude(theme="").order_by("theme__alphabetical").values_list("theme", flat=True).distinct()),
        sections=list(sections.values_list("pk", "title")),
        states=dict(counts),
    )


SOON = {"7": 7, "30": 30, "60": 60}


def due_condition(asked: str) -> Q:
    """Return the condition of cases not answered yet that are late, or due within so many days."""
    today = timezone.localdate()
    owed = Q(state__in=AnswerCaseState.tagged("owed"), answered_on=None)
    if asked == "retard":
        return owed & Q(due_on__lt=today)
    return owed & Q(due_on__range=(today, today + timedelta(days=SOON[asked])))


def pending_by_opinion(user: Any, term: int) -> Any:
    """Return the opinions of the term with answers: how many are pending for each task, and the first due day.

    One pass over the cases: with one query per opinion, a table without statistics yet took minutes.
    """
    today = timezone.localdate()
    open_one = Q(follow_up__state__in=FollowUpState.tagged("open"))
    in_hand = Q(state__in=S.tagged("undecided"))
    counted: dict[str, tuple[Any, str]] = {
        "to_assign": (Q(state=S.AWAITING), "due_on"),
        "to_remind": (in_hand & Q(answered_on=None, due_on__lt=today), "due_on"),
        "to_publish": (Q(state=S.DECIDED), "due_on"),
        "to_entrust": (open_one & Q(follow_up__directorate=None), UPDATE_DUE),
        "late_updates": (
            open_one & Q(follow_up__directorate__isnull=False, follow_up__update_due_on__lt=today),
            UPDATE_DUE,
        ),
        "said_done": (open_one & Q(follow_up__reported_at__isnull=False), ""),
        "hearings_asked": (Exists(FollowUpHearing.objects.filter(follow_up=OuterRef("follow_up"), heard_on=None)), ""),
    }
    cases = AnswerCase.objects.of_terms([term]).values(
        opinion=Coalesce("recommendation__opinion", "whole_of"),
        reference=Coalesce("recommendation__opinion__reference", "whole_of__reference"),
        title=Coalesce("recommendation__opinion__title", "whole_of__title"),
    )
    numbers = {name: Count("pk", filter=condition) for name, (condition, _day) in counted.items()}
    days = {f"{name}_due": Min(day, filter=condition) for name, (condition, day) in counted.items() if day}
    return cases.annotate(**numbers, **days).order_by("opinion")


PENDING_BY_OPINION: ReaderQuery[dict[str, Any]] = ReaderQuery(pending_by_opinion)


def tables_to_seal(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Return published opinions whose answer table is older than an answer, or missing once all is answered."""
    sealed = Document.objects.filter(
        kind=TABLE_KIND, subject_type=OPINION, subject_id=Cast(OuterRef("pk"), CharField()), published_at__isnull=False
    )
    ways = ("recommendations__answer_case", "answer_case")
    unanswered = [~Q(**{f"{way}__state": S.CANCELLED}) & Q(**{f"{way}__answered_on": None}) for way in ways]
    rows = Opinion.objects.filter(term=term, published_at__isnull=False).annotate(
        last_published_at=Greatest(*(Max(f"{way}__answers__published_at") for way in ways)),
        sealed_at=Subquery(sealed.values("published_at")[:1]),
        unanswered=sum(Count(way, filter=condition) for way, condition in zip(ways, unanswered, strict=True)),
    )
    is_first = Q(sealed_at=None, unanswered=0)
    return rows.filter(Q(sealed_at__lt=F("last_published_at")) | is_first, last_published_at__isnull=False)


def _counted(user: Any, term: int) -> QuerySet[Any, tuple[Any, ...]]:
    return counted(AnswerCase.objects.visible_to(user).of_terms([term]), timezone.localdate())


COUNTED = ReaderQuery(_counted)


def scoreboard_sentence(user: Any, term: Term) -> str:
    """Return « 3 réponses données sur 10, en 42 jours de délai médian ; 1 en retard. ».

    The text is empty before the first handover.
    """
    score = scored(COUNTED(user, term))
    if not score.asked:
        return ""
    template = ngettext(
        "%(given)s réponse donnée sur %(asked)s", "%(given)s réponses données sur %(asked)s", score.answered
    )
    parts = [template % {"given": score.answered, "asked": score.asked}]
    if score.median_days is not None:
        template = ngettext("délai médian : %(days)s jour", "délai médian : %(days)s jours", round(score.median_days))
        parts.append(template % {"days": format_number(score.median_days, 0)})
    parts.append(_("%(n)s en retard") % {"n": score.late} if score.late else _("aucune en retard"))
    return f"{', '.join(parts)}."
