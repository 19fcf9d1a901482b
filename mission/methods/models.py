"""Library of methods: the purpose of each, its steps, and what it takes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mission.methods.enums import Effort, MethodState
from mission.registers.checks import check, row_constraints, row_indexes, unique
from mission.registers.fields import key_to, state_field
from mission.registers.models import RegisterLine, RegisterRow


class MethodSheet(RegisterRow):
    """Way to involve people, on one page: a public meeting, a mini-public, an exploratory walk."""

    state = state_field(MethodState, MethodState.DRAFT)
    name = models.CharField(_("titre"), max_length=160)
    purpose = models.CharField(_("à quoi elle sert"), max_length=300)
    method = models.TextField(_("déroulé"), max_length=4000)
    effort = models.CharField(_("effort"), max_length=8, choices=Effort)
    work_days = models.PositiveSmallIntegerField(_("travail, en jours"), null=True, blank=True)
    group_min = models.PositiveSmallIntegerField(_("groupe, au moins"))
    group_max = models.PositiveSmallIntegerField(_("groupe, au plus"))
    cost = models.DecimalField(_("coût indicatif, en euros"), max_digits=9, decimal_places=2)

    class Meta:
        verbose_name = _("fiche méthode")
        indexes = row_indexes("method_sheet")
        constraints = row_constraints(
            "method_sheet",
            MethodState,
            group_sizes=check(
                Q(group_min__gte=1, group_max__gte=F("group_min")),
                _("Le groupe va d’une taille à une autre, plus grande ou égale."),
                "group_max",
            ),
            cost_positive=check(Q(cost__gte=0), _("Le coût n’est pas négatif."), "cost"),
        )

    @property
    def group_label(self) -> str:
        """Return a label such as « 8 à 12 »."""
        return f"{self.group_min}" if self.group_min == self.group_max else f"{self.group_min} à {self.group_max}"


ADVISED_ONCE = unique(["row", "method"], _("Cette méthode est déjà conseillée."), "method")


class MethodLine(RegisterLine):
    """Method advised to whoever a row is about, and the reason; a subclass adds `row`."""

    CALLED = ("method",)
    method = key_to(MethodSheet, _("méthode"))
    why = models.CharField(_("pourquoi elle"), max_length=300)

    class Meta:
        abstract = True
        verbose_name = _("méthode conseillée")
