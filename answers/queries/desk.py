"""What the bureau reads of answers: the rows of its board, what its filters offer, what waits for the team."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answers.enums import AnswerFileState
from answers.models import Answer, AnswerFile
from answers.models.answer_file import AnswerFileQuerySet
from answers.queries.scoreboard import scoreboard
from answers.queries.table import OPINION, TABLE_KIND
from assembly.documents.models import Document
from assembly.institution.models import Directorate, Term
from assembly.ui.queryset import rank_in
from assembly.ui.words import number_words
from opinions.models import Opinion, OpinionSection, Recommendation

S = AnswerFileState


def of_board(user: Any, term: Term) -> AnswerFileQuerySet:
    """The files of the term, each with the value of its last version and the number of directorates that help."""
    last = Answer.objects.kept().filter(file=OuterRef("pk")).order_by("-number")
    helping = AnswerFile.associated.through.objects.filter(answerfile=OuterRef("pk")).order_by()
    rows = AnswerFile.objects.visible_to(user).of_terms([term.pk]).with_dossier()
    return rows.annotate(
        rank=rank_in(AnswerFileState),
        last_value=Subquery(last.values("value")[:1]),
        helping=Subquery(helping.values("answerfile").annotate(n=Count("pk")).values("n")),  # type: ignore[misc]  # -- n: annotated
    )


@dataclass(frozen=True)
class BoardChoices:
    """What the filters of the board offer: only what some file of the term has. One statement each."""

    opinions: list[tuple[int, str]]
    directorates: list[tuple[int, str]]
    themes: list[str]
    sections: list[tuple[int, str]]
    states: dict[str, int]


def board_choices(term: Term) -> BoardChoices:
    """For the team, who sees every file of its term."""
    files = AnswerFile.objects.of_terms([term.pk])
    owed = Recommendation.objects.filter(opinion__term=term, answer_file__isnull=False)
    named = Q(pk__in=owed.values("opinion")) | Q(answer_file__isnull=False)
    opinions = Opinion.objects.filter(term=term).filter(named).order_by("reference", "pk")
    helping = AnswerFile.associated.through.objects.filter(answerfile__in=files)
    asked = Q(pk__in=files.values("directorate")) | Q(pk__in=helping.values("directorate"))
    sections = OpinionSection.objects.filter(pk__in=owed.values("section")).order_by("opinion", "position", "pk")
    counts = files.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    return BoardChoices(
        opinions=[
            (pk, f"{ref} {title}".strip()) for pk, ref, title in opinions.values_list("pk", "reference", "title")
        ],
        directorates=list(Directorate.objects.filter(asked).order_by("name").values_list("pk", "name")),
        themes=list(owed.exclude(theme="").order_by("theme").values_list("theme", flat=True).distinct()),
        sections=list(sections.values_list("pk", "title")),
        states=dict(counts),
    )


def opinions_with(files: AnswerFileQuerySet, term: Term | int, due: str = "due_on") -> QuerySet[Opinion]:
    """Opinions of the term with some of these files: `waiting` of them, the first day of `due` as `first_due`."""
    own = files.of_opinion(OuterRef("pk")).order_by()
    total = own.annotate(one=Value(1)).values("one")
    return Opinion.objects.filter(Exists(own), term=term).annotate(
        waiting=Subquery(total.annotate(n=Count("pk")).values("n")),
        first_due=Subquery(own.order_by(due).values(due)[:1]),
    )


def to_assign(user: Any, term: Term | int) -> QuerySet[Opinion]:
    return opinions_with(AnswerFile.objects.filter(state=S.AWAITING), term)


def to_publish(user: Any, term: Term | int) -> QuerySet[Opinion]:
    return opinions_with(AnswerFile.objects.filter(state=S.DECIDED), term)


def to_remind(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Of those that a directorate or the elected have in hand: the others are told above."""
    others = [S.AWAITING, S.DECIDED]
    return opinions_with(AnswerFile.objects.late(timezone.localdate()).exclude(state__in=others), term)


def tables_to_seal(user: Any, term: Term | int) -> QuerySet[Opinion]:
    """Published opinions whose answer table is older than an answer; without one yet, once nothing is unanswered."""
    here = OuterRef("pk")
    told = Answer.objects.published().filter(Q(file__recommendation__opinion=here) | Q(file__whole_of=here))
    sealed = Document.objects.filter(
        kind=TABLE_KIND, subject_type=OPINION, subject_id=Cast(here, CharField()), published_at__isnull=False
    )
    unanswered = AnswerFile.objects.of_opinion(here).standing().filter(answered_on=None)
    rows = Opinion.objects.filter(term=term, published_at__isnull=False).annotate(
        told_at=Subquery(told.order_by("-published_at").values("published_at")[:1]),
        sealed_at=Subquery(sealed.values("published_at")[:1]),
    )
    is_first = Q(sealed_at=None) & ~Exists(unanswered)
    return rows.filter(Q(sealed_at__lt=F("told_at")) | is_first, told_at__isnull=False)


def scoreboard_words(user: Any, term: Term) -> str:
    """« 3 réponses données sur 10, en 42 jours de délai médian ; 1 en retard. » Nothing before the first handover."""
    score = scoreboard(AnswerFile.objects.visible_to(user).of_terms([term.pk]), timezone.localdate())
    if not score.asked:
        return ""
    words = ngettext(
        "%(given)s réponse donnée sur %(asked)s", "%(given)s réponses données sur %(asked)s", score.answered
    )
    told = [words % {"given": score.answered, "asked": score.asked}]
    if score.median_days is not None:
        told.append(_("délai médian : %(days)s jours") % {"days": number_words(score.median_days, 0)})
    told.append(_("%(n)s en retard") % {"n": score.late} if score.late else _("aucune en retard"))
    return f"{', '.join(told)}."
