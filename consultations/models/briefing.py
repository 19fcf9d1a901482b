"""What the members read and whom they hear before they answer."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.institution.models import Committee
from assembly.ui.queryset import ScreenQuerySet
from consultations.enums import BriefingKind, HearingKind, HearingState, LanguageLevel
from consultations.models.referral import Referral

CHECKS = (
    ("plain_words", _("Les mots difficiles sont expliqués")),
    ("headings", _("Les titres sont de vrais titres")),
    ("alternatives", _("Les images et graphiques ont un texte")),
    ("contrast", _("Le texte se lit bien (taille, contraste)")),
    ("text_layer", _("Le texte peut être lu à voix haute (pas une image de page)")),
)


class BriefingPack(models.Model):
    """The documents of one referral. Members read them from the moment that the officer chose."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="briefing")
    introduction = models.TextField(_("présentation"), max_length=3000, blank=True)
    release_at = models.DateTimeField(_("ouvert aux membres le"), null=True, blank=True)
    released_at = models.DateTimeField(_("ouvert le"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("dossier documentaire")

    def __str__(self) -> str:
        return f"{self.referral_id}"

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class BriefingDocument(models.Model):
    """One paper of the pack. A new version replaces the former one and points at it; nothing is deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pack = models.ForeignKey(BriefingPack, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("titre"), max_length=200)
    summary = models.CharField(_("en une phrase"), max_length=300, blank=True)
    kind = models.CharField(_("nature"), max_length=14, choices=BriefingKind, default=BriefingKind.STUDY)
    source = models.CharField(_("source"), max_length=200)
    dated_on = models.DateField(_("daté du"), null=True, blank=True)
    level = models.CharField(
        _("niveau de langue"), max_length=10, choices=LanguageLevel, default=LanguageLevel.STANDARD
    )
    upload = models.ForeignKey("documents.Upload", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link = models.URLField(_("adresse"), blank=True, max_length=500)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    checks = models.JSONField(_("contrôle d’accessibilité"), default=dict, blank=True)
    is_public = models.BooleanField(_("visible de tous"), default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        ordering = ["pack", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="briefing_file_or_link",
                condition=(Q(upload__isnull=False) & Q(link="")) | (Q(upload=None) & ~Q(link="")),
                violation_error_message=_("Donnez un fichier ou une adresse."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def unmet_checks(self) -> list[Any]:
        """Sentences of the check list that nobody has ticked."""
        return [label for name, label in CHECKS if not self.checks.get(name)]


class Hearing(models.Model):
    """An audition or a site visit, with what was heard."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="hearings")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("type"), max_length=10, choices=HearingKind, default=HearingKind.HEARING)
    state = models.CharField(_("état"), max_length=10, choices=HearingState, default=HearingState.PLANNED)
    title = models.CharField(_("titre"), max_length=200)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=240, blank=True)
    video_link = models.URLField(_("lien de visioconférence"), blank=True)
    report = models.TextField(_("compte rendu"), max_length=100_000, blank=True)
    report_version = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("motif d’annulation"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("audition")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hearing_ends_after_start", condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at"))
            ),
            models.CheckConstraint(
                name="hearing_cancelled_is_told",
                condition=~Q(state=HearingState.CANCELLED) | ~Q(reason=""),
                violation_error_message=_("Dites pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class HearingGuest(models.Model):
    """Somebody who was heard or met: a person that the assembly writes to, or only a name and a capacity."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="guests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("nom"), max_length=120)
    capacity = models.CharField(_("qualité"), max_length=160)
    is_public = models.BooleanField(_("nom donné au public"), default=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["hearing", "pk"]

    def __str__(self) -> str:
        return self.name
