"""Ratings of an answer by members: one per member and version, under a pseudonym, published five at a time."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from answers.models.answer import Answer
from assembly.identity.personal_data import IMPERSONAL

LEAST, MOST = 1, 5
STEP = 5  # ratings that join a total at once


def in_scale(*columns: str, times: Any = 1) -> Q:
    """Return the condition that each column lies between the lowest and the highest mark, multiplied by `times`."""
    bounds = {"gte": LEAST * times, "lte": MOST * times}
    return Q(**{f"{column}__{bound}": value for column in columns for bound, value in bounds.items()})


def mark(label: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)])


class AnswerRating(models.Model):
    """One rating. `pseudonym`: keyed digest of person and answer (`rules.ratings`); the key is outside this database.

    No moment and no counter is stored, and the primary key is drawn at random. `counted_…` are the marks in the
    published total: null before the first count, and the former marks until the next one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="ratings")
    pseudonym = models.CharField(max_length=64)
    clarity = mark(_("clarté"))
    fidelity = mark(_("fidélité"))
    counted_clarity = models.PositiveSmallIntegerField(null=True)
    counted_fidelity = models.PositiveSmallIntegerField(null=True)

    privacy = IMPERSONAL  # an erasure draws another digest (answers/voice/privacy.py)

    class Meta:
        verbose_name = _("note d’une réponse")
        constraints = [
            models.UniqueConstraint(fields=["answer", "pseudonym"], name="answer_rating_once"),
            models.CheckConstraint(name="answer_rating_in_scale", condition=in_scale("clarity", "fidelity")),
            models.CheckConstraint(
                name="answer_rating_counted_whole",
                condition=Q(counted_clarity=None, counted_fidelity=None)
                | (
                    Q(counted_clarity__isnull=False, counted_fidelity__isnull=False)
                    & in_scale("counted_clarity", "counted_fidelity")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}"


class RatingTotal(models.Model):
    """The public ratings of one version: sums over a multiple of five ratings."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, primary_key=True, related_name="rating_total")
    count = models.PositiveIntegerField(_("notes"))
    clarity = models.PositiveIntegerField(_("somme des notes de clarté"))
    fidelity = models.PositiveIntegerField(_("somme des notes de fidélité"))
    counted_on = models.DateField(_("compté le"))

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("total des notes d’une réponse")
        constraints = [
            models.CheckConstraint(
                name="rating_total_by_fives",
                condition=Q(count__gte=STEP) & Q(count=F("count") / STEP * STEP),
            ),
            models.CheckConstraint(
                name="rating_total_in_scale",
                condition=in_scale("clarity", "fidelity", times=F("count")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.count}"
