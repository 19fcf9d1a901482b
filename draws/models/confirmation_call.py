"""Telephone calls to people whose mandate is proposed: append-only (trigger), and no free text about anybody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from draws.enums import CallOutcome
from draws.succession.models import Placement

ANSWERS = [CallOutcome.YES, CallOutcome.NO]


class ConfirmationCall(models.Model):
    """Result of one call. `call_again_on`: the day agreed or chosen; nobody who answered is called again."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="calls")
    outcome = models.CharField(_("issue de l’appel"), max_length=10, choices=CallOutcome)
    call_again_on = models.DateField(_("rappeler le"), null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("appel de confirmation")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="confirmation_outcome_known", condition=Q(outcome__in=CallOutcome.values)),
            models.CheckConstraint(
                name="confirmation_day_where_called_again",
                condition=Q(outcome=CallOutcome.LATER, call_again_on__isnull=False)
                | Q(outcome__in=ANSWERS, call_again_on=None)
                | Q(outcome__in=[CallOutcome.REACHED, CallOutcome.NO_ANSWER]),
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} about placement {self.placement_id}"
