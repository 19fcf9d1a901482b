"""Requests for help with a participation: who asks the mission, what is advised, what is taught."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Directorate
from mission.methods.models import ADVISED_ONCE, MethodLine
from mission.partners.models import Partner
from mission.registers.checks import check, filled_in, filled_only_in, row_constraints, row_indexes, rules_of
from mission.registers.fields import key_to, optional_key, state_field
from mission.registers.models import RegisterRow
from mission.support.enums import PublicPolicy, SupportState
from mission.trainings.models import TrainingLine

S = SupportState


class SupportRequest(RegisterRow):
    """Request of a directorate, or of an EPCI or one of its communes. `due_on`: when an answer is due.

    `answer_reason`, `delivered_at`, `rating` and `evaluation` are written by steps.
    """

    state = state_field(S, S.RECEIVED)
    name = models.CharField(_("objet"), max_length=160)
    received_on = models.DateField(_("reçue le"), default=timezone.localdate)
    directorate = optional_key(Directorate, _("direction"))
    epci = optional_key(Partner, _("intercommunalité"))
    commune = models.CharField(_("commune"), max_length=120, blank=True)
    need = models.TextField(_("besoin"), max_length=3000)
    policy = models.CharField(_("politique ou thème"), max_length=16, choices=PublicPolicy)
    advice = models.TextField(_("conseil"), max_length=6000, blank=True)
    answer_reason = models.TextField(_("motif"), max_length=1000, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("rendue le"), null=True, editable=False)
    rating = models.PositiveSmallIntegerField(_("note du demandeur, de 1 à 5"), null=True, editable=False)
    evaluation = models.TextField(_("évaluation"), max_length=2000, blank=True, editable=False)

    class Meta:
        verbose_name = _("demande d’appui")
        indexes = row_indexes("support_request")
        constraints = row_constraints(
            "support_request",
            S,
            one_requester=check(
                Q(directorate__isnull=False, epci=None, commune="") | Q(directorate=None, epci__isnull=False),
                _("Qui demande : une direction, ou une intercommunalité (et sa commune)."),
                "directorate",
            ),
            no_has_reason=filled_only_in(S.tagged("answered_no"), "answer_reason", ""),
            in_hand_of=filled_in(
                S.tagged("in_hand"), "owner", _("Une demande confiée a quelqu’un qui la suit."), "owner"
            ),
            delivered_iff=filled_only_in(S.tagged("delivered"), "delivered_at"),
            rated=filled_only_in(S.tagged("evaluated"), "rating", rating__range=(1, 5)),
        )

    @property
    def requester(self) -> str:
        """Return « Direction de l’Autonomie », « Revel (CC …) » or « Toulouse Métropole »."""
        if self.directorate:
            return str(self.directorate)
        return f"{self.commune} ({self.epci})" if self.commune else str(self.epci)


class SupportMethod(MethodLine):
    """Method advised for a request."""

    row = key_to(SupportRequest, related_name="methods")

    class Meta(MethodLine.Meta):
        constraints = rules_of("support_method", once=ADVISED_ONCE)


class Training(TrainingLine):
    """Training that a request asks for."""

    row = key_to(SupportRequest, related_name="trainings")
