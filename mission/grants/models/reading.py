"""Marks of readers, and the interests that exclude a reader."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Assembly
from assembly.speed.queryset import ScreenQuerySet
from mission.grants.enums import InterestKind
from mission.grants.models.application import GrantApplication
from mission.grants.models.scheme import SchemeCriterion
from mission.registers.fields import user_key


class GrantScore(models.Model):
    """Mark from 0 to 5. A trigger refuses it from a non-reader, or after a declared interest (`triggers.sql`)."""

    application = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, related_name="scores")
    reader = user_key()
    criterion = models.ForeignKey(SchemeCriterion, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("note d’une demande")
        constraints = [
            models.UniqueConstraint(fields=["application", "reader", "criterion"], name="grant_score_once"),
            models.CheckConstraint(name="grant_score_of_five", condition=Q(points__lte=5)),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"


class ReaderInterest(models.Model):
    """Tie between somebody of the team and an association, whose applications this person never reads."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    user = user_key()
    siret = models.CharField(max_length=14, blank=True)
    rna = models.CharField(max_length=10, blank=True)
    kind = models.CharField(_("lien"), max_length=8, choices=InterestKind)
    declared_on = models.DateField(auto_now_add=True)

    privacy = ModelPrivacy(
        _("Les liens d’intérêt que vous avez déclarés"),
        owner="user__person",
        default=retained(_("qui a décidé de l’argent public")),
    )

    class Meta:
        verbose_name = _("lien d’intérêt déclaré")
        constraints = [models.UniqueConstraint(fields=["user", "siret", "rna"], name="reader_interest_once")]

    def __str__(self) -> str:
        return f"interest {self.pk}"
