"""Actions of rating an answer, and the nightly count. No line of the journal stores who rated, and no row when."""

from datetime import date
from secrets import SystemRandom, token_hex
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Q, Sum

from answers.models import Answer, AnswerCase, AnswerRating, RatingTotal
from answers.models.rating import STEP
from answers.rules import ratings as rules
from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.web.errors import StateConflict
from assembly.workflow.locks import share


@transaction.atomic
def rate(answer: Answer, *, clarity: int, fidelity: int, by: User) -> None:
    """Rate the version in force, or change one’s own rating of it: it counts with the next five."""
    if not rules.can_rate(by, answer):
        raise PermissionDenied
    share(AnswerCase.objects.filter(pk=answer.case_id))
    if not Answer.objects.standing().filter(pk=answer.pk).exists():
        raise StateConflict(answer, "rate")
    names = rules.pseudonyms(by.person_id, answer.pk)
    row = AnswerRating(answer=answer, pseudonym=names[0], clarity=clarity, fidelity=fidelity)
    row.clean_fields(exclude=["counted_clarity", "counted_fidelity"])
    ratings = AnswerRating.objects.filter(answer=answer, pseudonym__in=names)
    if not ratings.update(pseudonym=names[0], clarity=clarity, fidelity=fidelity):
        AnswerRating.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["answer", "pseudonym"],
            update_fields=["clarity", "fidelity"],
        )


def count_all(today: date) -> int:
    """Update the totals where five more ratings are uncounted; return how many answers changed."""
    waiting = AnswerRating.objects.filter(counted_clarity=None).values("answer").annotate(new=Count("pk"))
    answers = list(waiting.filter(new__gte=STEP).order_by("answer").values_list("answer", flat=True))
    return sum(count_one(Answer.objects.get(pk=pk), today) for pk in answers)


@transaction.atomic
def count_one(answer: Answer, today: date) -> bool:
    """Add new ratings to the total by fives, drawn at random, with every changed one; at most once a day."""
    rows = AnswerRating.objects.select_for_update(no_key=True).filter(answer=answer).order_by("pk")
    new = [row.pk for row in rows if row.counted_clarity is None]
    joining = SystemRandom().sample(new, len(new) // STEP * STEP)
    if not joining or RatingTotal.objects.filter(answer=answer, counted_on=today).exists():
        return False
    counted = AnswerRating.objects.filter(answer=answer).filter(Q(pk__in=joining) | Q(counted_clarity__isnull=False))
    counted.update(counted_clarity=F("clarity"), counted_fidelity=F("fidelity"))
    rated = AnswerRating.objects.filter(answer=answer, counted_clarity__isnull=False)
    sums = rated.aggregate(count=Count("pk"), clarity=Sum("counted_clarity"), fidelity=Sum("counted_fidelity"))
    RatingTotal.objects.update_or_create(answer=answer, defaults={**sums, "counted_on": today})
    case = AnswerCase.objects.with_dossier().get(pk=answer.case_id)
    facts = {"reference": case.reference, "answer": answer.number, "count": sums["count"]}
    record("answer.ratings_counted", case, by=None, dossier=case.opinion, **facts)
    return True


def erase_rater(person: Any, by: Any) -> None:
    """Anonymise the ratings of an erased person: they stay in the totals under a random pseudonym."""
    for pk in AnswerRating.objects.order_by("answer").values_list("answer", flat=True).distinct():
        names = rules.pseudonyms(person.pk, pk)
        AnswerRating.objects.filter(answer=pk, pseudonym__in=names).update(pseudonym=token_hex(32))
