"""Agreements of a member: the charter, version by version; the use of images, use by use. Rows are never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Term
from members.enums import ImageUse, RecordChannel
from members.models.member import Member

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
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

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
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

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
