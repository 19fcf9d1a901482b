"""Ratings of an answer for display: its published total, and the marks of one member for themselves."""

from typing import Any

from django.utils.translation import ngettext

from answers.models import Answer, AnswerRating, RatingTotal
from answers.rules.ratings import pseudonyms
from assembly.text.french import format_number


def total_of(answer: Answer) -> RatingTotal | None:
    """Return the published total, if `rating_total` was read with the answer."""
    return getattr(answer, "rating_total", None)


def rating_sentence(total: RatingTotal) -> str:
    """Return « 10 membres l’ont notée : clarté 3,8 sur 5, fidélité 2,9 sur 5. »."""
    template = ngettext(
        "%(n)s membre l’a notée : clarté %(clarity)s sur 5, fidélité %(fidelity)s sur 5.",
        "%(n)s membres l’ont notée : clarté %(clarity)s sur 5, fidélité %(fidelity)s sur 5.",
        total.count,
    )
    means = {name: format_number(getattr(total, name) / total.count, 1) for name in ("clarity", "fidelity")}
    return template % {"n": total.count, **means}


def my_rating(user: Any, answer: Answer) -> AnswerRating | None:
    """Return the marks of this reader, looked up by pseudonym."""
    return AnswerRating.objects.filter(answer=answer, pseudonym__in=pseudonyms(user.person_id, answer.pk)).first()
