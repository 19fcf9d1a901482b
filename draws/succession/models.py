"""Whom a draw placed on which seat, and the telephone calls to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import user_key
from assembly.identity.personal_data import IMPERSONAL
from draws.draws.models import Draw
from members.models import Mandate


class CallOutcome(models.TextChoices):
    """Outcome of a telephone call to somebody drawn."""

    REACHED = "reached", _("jointe, réfléchit")
    NO_ANSWER = "no_answer", _("ne répond pas")
    LATER = "later", _("demande qu’on rappelle")
    YES = "yes", _("a dit oui")
    NO = "no", _("a dit non")


class Placement(models.Model):
    """Seat proposed to somebody drawn. `vacated`: whose seat it was.
    `instead_of`: the pseudonym of somebody drawn who renounced before any mandate, whose place it is. `findings`: what
    the written rule considered, with the panel before and after."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="placements")
    pseudonym = models.CharField(_("pseudonyme"), max_length=16)
    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="placement")
    vacated = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor", verbose_name=_("remplace")
    )
    instead_of = models.CharField(_("à la place de"), max_length=16, blank=True, default="", db_default="")
    findings = models.JSONField(default=dict)
    placed_by = user_key()
    placed_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "pseudonym"], name="placement_pseudonym_once"),
            models.UniqueConstraint(
                fields=["draw", "instead_of"], condition=~Q(instead_of=""), name="placement_instead_of_once"
            ),
            models.CheckConstraint(name="placement_after_one_person", condition=Q(vacated=None) | Q(instead_of="")),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} of draw {self.draw_id}"


ANSWERS = [CallOutcome.YES, CallOutcome.NO]


class ConfirmationCall(models.Model):
    """Result of one call. `call_again_on`: the day agreed or chosen; nobody who answered is called again."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="calls")
    outcome = models.CharField(_("issue de l’appel"), max_length=10, choices=CallOutcome)
    call_again_on = models.DateField(_("rappeler le"), null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = user_key()

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
