"""Consent to stay in touch after the mandate: a separate one, for two years at most (domain.md H1)."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy, months_later
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.speed.queryset import ScreenQuerySet
from members.enums import RecordChannel
from members.mandates.models import Mandate

RETENTION_MONTHS = 24


class AlumniConsentQuerySet(ScreenQuerySet["AlumniConsent"]):
    def visible_to(self, user: Any) -> Self:
        """Return the consents of the terms where `user` is in the team."""
        return self.filter(mandate__term__in=term_ids(user, TEAM_ROLES))


class AlumniConsent(models.Model):
    """Consent to stay in touch: withdrawing it deletes the row and leaves only a line of the journal."""

    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="alumni_consent")
    given_at = models.DateTimeField(_("donné le"))
    channel = models.CharField(_("par"), max_length=8, choices=RecordChannel, default=RecordChannel.ONLINE)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    privacy = ModelPrivacy(
        _("Votre accord pour rester en contact"), owner="mandate__member__person", deletes_rows=True
    )
    objects = AlumniConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accord pour rester en contact")
        ordering = ["mandate__member__person__sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="alumni_consent_channel_known", condition=models.Q(channel__in=RecordChannel.values)
            )
        ]

    def __str__(self) -> str:
        return f"alumni consent of mandate {self.mandate_id}"

    @property
    def retained_until(self) -> date:
        """Return the day two years after the mandate, or after the term for one that runs to its end."""
        return retained_until(self.mandate)


def retained_until(mandate: Mandate) -> date:
    return months_later(mandate.ended_on or mandate.term.ends_on, RETENTION_MONTHS)
