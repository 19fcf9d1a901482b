"""What members agree to and need: measures to arrange, charter, use of images, contact after the mandate.

Rows of the charter and of images are never changed.
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, months_later, retained
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from members.enums import ImageUse, NeedKind, RecordChannel
from members.mandates.models import Mandate
from members.members.models import Member


class AccommodationNeed(models.Model):
    """Measure to arrange for a member: the measure, never the diagnosis."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="needs")
    kind = models.CharField(_("mesure"), max_length=16, choices=NeedKind)
    measure = models.CharField(
        _("précision"),
        max_length=200,
        blank=True,
        help_text=_("Ce qu’il faut prévoir, par exemple « deux enfants ». N’écrivez ni maladie, ni handicap."),
    )
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)
    recorded_by = optional_user_key()

    privacy = ModelPrivacy(_("Les mesures à prévoir pour vous"), owner="member__person", deletes_rows=True)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="need_ends_after_start", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(name="need_kind_known", condition=Q(kind__in=NeedKind.values)),
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(ends_on=None),
                name="need_open_once",
                violation_error_message=_("Cette mesure est déjà notée."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for member {self.member_id}"


PROOF = _("preuve de l’accord ou du refus")


class CharterVersion(models.Model):
    """Published text of the charter. A new wording is a new number."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="charter_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("texte"), max_length=20000)
    in_force_on = models.DateField(_("en vigueur le"))

    privacy = IMPERSONAL

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["term", "number"], name="charter_version_once")]

    def __str__(self) -> str:
        return f"charter {self.number} of term {self.term_id}"


class CharterAcceptance(models.Model):
    """Acceptance of a version. `recorded_by` is empty when the member accepted online."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="charter_acceptances")
    version = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="acceptances")
    accepted_on = models.DateField(_("acceptée le"))
    channel = models.CharField(_("par quel moyen"), max_length=6, choices=RecordChannel)
    recorded_by = optional_user_key()

    privacy = ModelPrivacy(_("Vos accords à la charte"), owner="member__person", default=retained(PROOF))

    class Meta:
        ordering = ["-accepted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "version"], name="charter_accepted_once"),
            models.CheckConstraint(
                name="charter_recorded_by_iff_not_online",
                condition=Q(channel=RecordChannel.ONLINE, recorded_by=None)
                | ~Q(channel=RecordChannel.ONLINE) & Q(recorded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.member_id} accepts charter {self.version_id}"


class ImageConsent(models.Model):
    """Answer for one use. The latest row of a use is the answer in force."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="image_consents")
    use = models.CharField(_("usage"), max_length=8, choices=ImageUse)
    is_given = models.BooleanField(_("accord donné"))
    decided_on = models.DateField(_("le"))
    recorded_at = models.DateTimeField(auto_now_add=True)
    channel = models.CharField(_("par quel moyen"), max_length=6, choices=RecordChannel)
    recorded_by = optional_user_key()

    privacy = ModelPrivacy(_("Vos choix sur votre image"), owner="member__person", default=retained(PROOF))

    class Meta:
        ordering = ["use", "-decided_on", "-pk"]
        indexes = [models.Index(fields=["member", "use", "-decided_on", "-id"], name="image_consent_latest")]
        constraints = [
            models.CheckConstraint(name="image_use_known", condition=Q(use__in=ImageUse.values)),
            models.CheckConstraint(
                name="image_recorded_by_iff_not_online",
                condition=Q(channel=RecordChannel.ONLINE, recorded_by=None)
                | ~Q(channel=RecordChannel.ONLINE) & Q(recorded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.member_id}: {self.use} {self.is_given}"


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
    recorded_by = optional_user_key()

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
