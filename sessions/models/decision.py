"""Models of decisions, and of actions with their owner and their day."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.rules import term_ids
from assembly.speed.queryset import ScreenQuerySet
from sessions.agenda.models import AgendaItem
from sessions.decisions.models import Ballot
from sessions.enums import ActionState, DecisionMode
from sessions.models.quorum import QuorumMixin, quorum_is_met
from sessions.sittings.models import Sitting


class SittingScopedQuerySet[M: models.Model](ScreenQuerySet[M]):
    """Queryset of rows that belong to a sitting: the team and the facilitators of its term read and edit them."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(sitting__term__in=term_ids(user, TEAM_ROLES | {Role.FACILITATOR}))


class Decision(QuorumMixin):
    """Decision of a sitting, with the reference <sitting>-D<number> (PL-2026-02-D3), which never changes.

    A withdrawn decision leaves a gap. A decision without a ballot stores the quorum itself.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="decisions")
    agenda_item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(_("référence"), max_length=40)
    text = models.TextField(_("décision"), max_length=2000)
    mode = models.CharField(_("mode"), max_length=8, choices=DecisionMode, default=DecisionMode.CONSENT)
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = SittingScopedQuerySet["Decision"].as_manager()

    class Meta:
        verbose_name = _("décision")
        ordering = ["sitting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="decision_number_once"),
            quorum_is_met("decision_quorum_met"),
            models.CheckConstraint(
                name="decision_ballot_iff_voted",
                condition=Q(mode=DecisionMode.BALLOT, ballot__isnull=False)
                | (~Q(mode=DecisionMode.BALLOT) & Q(ballot=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ActionItem(models.Model):
    """Action to do, on the agenda of the next sitting of the same body until it is closed."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="actions")
    agenda_item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    text = models.CharField(_("action"), max_length=400)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsable")
    )
    owner_text = models.CharField(_("responsable, en toutes lettres"), max_length=160, blank=True)
    due_on = models.DateField(_("pour le"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=ActionState, default=ActionState.OPEN)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)
    outcome = models.CharField(_("suite donnée"), max_length=300, blank=True)

    privacy = IMPERSONAL  # but `owner_text`, erased by sessions/privacy.py
    objects = SittingScopedQuerySet["ActionItem"].as_manager()

    class Meta:
        verbose_name = _("action à suivre")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["owner", "state"], name="action_by_owner")]
        constraints = [
            models.CheckConstraint(
                name="action_closed_at_iff_closed",
                condition=Q(state=ActionState.OPEN, closed_at=None)
                | (~Q(state=ActionState.OPEN) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="action_has_owner",
                condition=Q(owner__isnull=False) | ~Q(owner_text=""),
                violation_error_message=_("Dites qui s’en charge."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def owner_name(self) -> str:
        return self.owner_text or (self.owner.full_name if self.owner else "")

    @property
    def is_open(self) -> bool:
        return self.state == ActionState.OPEN
