"""Contributions of answers, third part: indicators: in time, how long, their values, what becomes of them.

Values can be counted for a past day (a published version never changes, trigger); days that the team may correct
cannot (`Facts`).
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from answers.cases.models import answering
from answers.enums import AnswerValue, FollowUpState
from answers.models import Answer, AnswerCase, FollowUp
from assembly.indicators.counting import DaysBetween, end_of, one_if
from assembly.indicators.enums import Facts, Theme, Unit
from assembly.indicators.registry import Breakdown, Cells, Indicator, RowLines, add_indicators
from assembly.institution.enums import DIRECTORATE_ROLES, TEAM_ROLES, Role
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import directorates_of
from assembly.lists import Column
from opinions.models import Opinion

OFFICES = frozenset({Role.SPONSOR, Role.PRESIDENT})
READERS = OFFICES | DIRECTORATE_ROLES
OPENERS = OFFICES | TEAM_ROLES


def answers_of(term: Term, path: str = "") -> Q:
    return answering(Opinion.objects.filter(term=term).values("pk"), path)


def answered(term: Term, day: date) -> QuerySet[AnswerCase]:
    return AnswerCase.objects.standing().filter(answers_of(term), answered_on__lte=day)


def judged(term: Term, day: date) -> QuerySet[AnswerCase]:
    """Return the answers given by that day, or due before it: whether they were in time is known."""
    known = Q(answered_on__lte=day) | Q(due_on__lt=day)
    return AnswerCase.objects.standing().filter(answers_of(term), known, opened_on__lte=day)


def last_published(term: Term, day: date) -> QuerySet[Answer]:
    """Return the last version of each case that was public at the end of that day."""
    later = Answer.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"), published_at__lt=end_of(day))
    rows = Answer.objects.filter(answers_of(term, "case__"), published_at__lt=end_of(day))
    return rows.exclude(Exists(later))


def follow_ups(term: Term, day: date) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(answers_of(term, "case__"), opened_on__lte=day)


def directorate_cells(term: Term) -> Cells:
    rows = Directorate.objects.filter(assembly=term.assembly_id).values_list("pk", "name")
    return {str(pk): name for pk, name in rows} | {"": _("pas encore confiée")}


def by_directorate(path: str = "") -> Breakdown:
    return Breakdown(
        "direction",
        _("direction"),
        lambda term, day: f"{path}directorate_id",
        directorate_cells,
        facts=Facts.DATED,
        open_cells=lambda user: [str(pk) for pk in directorates_of(user)],
    )


def case_address(case: int) -> str:
    return reverse("answers:desk-case", args=[case])


def case_columns(path: str = "") -> list[Column]:
    return [
        Column(_("Proposition"), f"{path}title", key="titre"),
        Column(_("Référence"), f"{path}reference", key="reference"),
    ]


CASE = ("recommendation__opinion", "whole_of", "directorate")
CASES = RowLines(
    [
        *case_columns(),
        Column(_("Direction"), lambda row: row.directorate.name if row.directorate else "", key="direction"),
        Column(_("Remise le"), "opened_on", key="remise", order=["opened_on"]),
        Column(_("Attendue le"), "due_on", key="attendue", order=["due_on"]),
        Column(_("Répondu le"), "answered_on", key="repondu", order=["answered_on"]),
    ],
    lambda row: case_address(row.pk),
    related=CASE,
    directorate_url=lambda row: reverse("answers:directorate-case", args=[row.pk]),
)
ANSWERS = RowLines(
    [
        *case_columns("case."),
        Column(_("Réponse"), "get_value_display", key="reponse", order=["value"]),
        Column(_("Publiée le"), "published_at", key="date", order=["published_at"]),
    ],
    lambda row: case_address(row.case_id),
    lambda rows, user: rows.filter(case__in=AnswerCase.objects.visible_to(user).order_by().values("pk")),
    related=tuple(f"case__{name}" for name in CASE),
    directorate_url=lambda row: reverse("answers:directorate-case", args=[row.case_id]),
)
FOLLOW_UPS = RowLines(
    [
        *case_columns("case."),
        Column(_("Direction"), lambda row: row.directorate.name if row.directorate else "", key="direction"),
        Column(_("État"), "get_state_display", key="etat", order=["state"]),
        Column(_("Close le"), "ended_on", key="date", order=["ended_on"]),
    ],
    lambda row: reverse("answers:desk-follow-up", args=[row.case_id]),
    related=("directorate", *(f"case__{name}" for name in CASE)),
    directorate_url=lambda row: reverse("answers:directorate-case", args=[row.case_id]),
)
BY_VALUE = Breakdown(
    "reponse", _("réponse"), lambda term, day: "value", lambda term: {str(one): one.label for one in AnswerValue}
)
SOURCE = _("Réponses dans Hémicycle")
NO_ANSWER = _("Aucune réponse n’est encore donnée.")
COMMON: dict[str, Any] = {"is_public": True, "readers": READERS, "openers": OPENERS, "owner": Role.OFFICER}


add_indicators(
    Indicator(
        "reponses-a-temps",
        _("Réponses données à temps"),
        _("Part des réponses données avant la date attendue, parmi celles qui sont données ou en retard."),
        _("réponses à temps ÷ (réponses données + réponses en retard)"),
        Theme.ANSWERS,
        Unit.PERCENT,
        SOURCE,
        _("Aucune réponse n’est donnée, ni en retard."),
        facts=Facts.DATED,
        rows=judged,
        lines=CASES,
        part=lambda day: one_if(Q(answered_on__lte=day) & Q(answered_on__lte=F("due_on"))),
        base=lambda day: Value(1),
        breakdowns=(by_directorate(),),
        target=Decimal(100),
        order=10,
        **COMMON,
    ),
    Indicator(
        "delai-de-reponse",
        _("Délai de réponse"),
        _("La moitié des réponses ont été données en moins de jours que ce nombre, l’autre moitié en plus."),
        _("médiane (jour de la réponse − jour de la remise)"),
        Theme.ANSWERS,
        Unit.DAYS,
        SOURCE,
        NO_ANSWER,
        facts=Facts.DATED,
        rows=answered,
        lines=CASES,
        part=lambda day: DaysBetween(F("opened_on"), F("answered_on")),
        is_median=True,
        breakdowns=(by_directorate(),),
        at_most=Decimal(180),
        order=20,
        **COMMON,
    ),
    Indicator(
        "reponses-publiees",
        _("Réponses publiées"),
        _("Propositions auxquelles le Conseil a répondu, selon sa dernière réponse : acceptée, à l’étude, refusée…"),
        _("nombre de propositions par réponse"),
        Theme.ANSWERS,
        Unit.NUMBER,
        SOURCE,
        NO_ANSWER,
        rows=last_published,
        lines=ANSWERS,
        breakdowns=(BY_VALUE,),
        order=30,
        **COMMON,
    ),
    Indicator(
        "suites-realisees",
        _("Suites réalisées"),
        _("Part de ce que le Conseil a promis et qui est fait, preuve à l’appui."),
        _("suites réalisées ÷ suites suivies"),
        Theme.ANSWERS,
        Unit.PERCENT,
        _("Suites données dans Hémicycle"),
        _("Aucune suite n’est encore suivie."),
        facts=Facts.DATED,
        rows=follow_ups,
        lines=FOLLOW_UPS,
        part=lambda day: one_if(Q(state=FollowUpState.DONE, ended_on__lte=day)),
        base=lambda day: Value(1),
        breakdowns=(by_directorate(),),
        order=40,
        **COMMON,
    ),
)
