"""Visas that a directorate requires before the one of its approver, in an order of its own: service, then DGA."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy, retained
from assembly.institution.models import Directorate
from assembly.speed.queryset import ScreenQuerySet
from consultations.models.review import DELEGATED


class VisaLevelQuerySet(ScreenQuerySet["VisaLevel"]):
    def standing(self) -> Self:
        """Return those that an answer sent today goes through, in their order."""
        return self.filter(removed_at=None).order_by("directorate", "position", "pk")


class VisaLevel(models.Model):
    """One intermediate visa. It is removed from the order, never deleted: answers were given through it."""

    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="visa_levels")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("visa"), max_length=80)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("donné par")
    )
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Les visas intermédiaires que vous donnez"),
        owner="holder__person",
        default=retained(DELEGATED),
        name=retained(DELEGATED),
    )
    objects = VisaLevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("visa intermédiaire")
        ordering = ["directorate", "position", "pk"]

    def __str__(self) -> str:
        return self.name
