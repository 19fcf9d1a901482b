"""Schemes (dispositifs): what may be asked for, until when, what is read and by whom."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy
from mission.grants.enums import SchemeState
from mission.registers.checks import row_constraints, row_indexes, rules_of, unique
from mission.registers.fields import state_field, user_key
from mission.registers.models import RegisterLine, RegisterRow


class GrantScheme(RegisterRow):
    """Scheme that associations apply for. Once published its rules are locked; the last day may move to a later one.

    `closes_on`: this day counts until midnight, Paris time. `discussion_gap`: difference between the two readers, in
    points out of a hundred, beyond which they must talk before an opinion is given.
    """

    state = state_field(SchemeState, SchemeState.DRAFT)
    purpose = models.TextField(_("ce qui est soutenu"), max_length=3000)
    opens_on = models.DateField(_("ouvert à partir du"))
    closes_on = models.DateField(_("ouvert jusqu’au"))
    least_amount = models.DecimalField(_("montant minimum, en euros"), max_digits=9, decimal_places=2)
    most_amount = models.DecimalField(_("montant maximum, en euros"), max_digits=9, decimal_places=2)
    envelope = models.DecimalField(_("enveloppe, en euros"), max_digits=10, decimal_places=2)
    discussion_gap = models.PositiveSmallIntegerField(
        _("écart qui demande un échange, en points sur 100"), default=20, validators=[MaxValueValidator(100)]
    )
    publishes_all = models.BooleanField(
        _("publier toutes les subventions votées, et pas seulement celles de 23 000 euros et plus"), default=False
    )

    class Meta:
        verbose_name = _("dispositif")
        indexes = row_indexes("scheme")
        constraints = [
            *row_constraints("scheme", SchemeState),
            models.CheckConstraint(
                name="scheme_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("Le dernier jour vient après le premier."),
                violation_error_code="closes_on",
            ),
            models.CheckConstraint(
                name="scheme_amounts_in_order",
                condition=Q(least_amount__gt=0, most_amount__gte=F("least_amount"), envelope__gte=0),
                violation_error_message=_("Le montant minimum est au-dessus de zéro, et le maximum au-dessus de lui."),
                violation_error_code="most_amount",
            ),
            models.CheckConstraint(
                name="scheme_gap_of_hundred",
                condition=Q(discussion_gap__lte=100),
                violation_error_message=_("L’écart est de 100 points au plus."),
                violation_error_code="discussion_gap",
            ),
        ]


class SchemeLine(RegisterLine):
    """Rule of a scheme: it can be deleted only before publication."""

    CALLED = ("label",)
    row: Any

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.row.state != SchemeState.DRAFT:
            raise models.ProtectedError("The rules of a published scheme stay.", {self.row})
        return super().delete(*args, **kwargs)


class SchemeCriterion(SchemeLine):
    """Line of the grid: a mark from 0 to 5, multiplied by its weight."""

    row = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="criteria")
    label = models.CharField(_("critère"), max_length=160)
    weight = models.PositiveSmallIntegerField(_("poids"), validators=[MinValueValidator(1), MaxValueValidator(100)])

    class Meta:
        verbose_name = _("critère d’un dispositif")
        constraints = [
            models.CheckConstraint(
                name="criterion_weight_between",
                condition=Q(weight__gte=1, weight__lte=100),
                violation_error_message=_("Le poids va de 1 à 100."),
                violation_error_code="weight",
            ),
        ]


class SchemePiece(SchemeLine):
    """Document that the scheme asks for."""

    row = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="pieces")
    label = models.CharField(_("pièce"), max_length=160)
    is_required = models.BooleanField(_("obligatoire"), default=True)

    class Meta:
        verbose_name = _("pièce d’un dispositif")


class SchemeReader(RegisterLine):
    """Somebody of the team who may read the applications of the scheme."""

    row = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="readers")
    user = user_key(_("lit les demandes"))

    privacy = ModelPrivacy(_("Les dispositifs dont vous lisez les demandes"), owner="user__person")

    class Meta:
        verbose_name = _("personne qui lit un dispositif")
        constraints = rules_of(
            "scheme_reader", once=unique(["row", "user"], _("Cette personne lit déjà ce dispositif."), "user")
        )

    def __str__(self) -> str:
        return f"reader {self.pk}"
