"""Models of hearings and site visits."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased, retained
from assembly.institution.models import Committee
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from consultations.briefing.models import READERS
from consultations.referrals.models import Referral


class HearingKind(models.TextChoices):
    HEARING = "hearing", _("audition")
    SITE_VISIT = "site_visit", _("visite de site")


class HearingState(States):
    PLANNED = "planned", State("todo"), _("prévue")
    HELD = "held", State("done"), _("tenue")
    CANCELLED = "cancelled", State("refused"), _("annulée")


class GuestKind(models.TextChoices):
    """Kinds of people heard, as the referral counts them."""

    ELECTED = "elected", _("élu")
    EXPERT = "expert", _("expert")
    AGENT = "agent", _("agent d’un service")
    WITNESS = "witness", _("personne concernée")


class HearingQuerySet(ScreenQuerySet["Hearing"]):
    def visible_to(self, user: Any) -> Self:
        """Return those of referrals read in the back office or the areas; directorates see their requests only."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen = Referral.objects.visible_to(user).filter(term__in=term_ids(user, READERS))
        return self.filter(referral__in=seen.values("pk"))


class Hearing(models.Model):
    """An audition or a site visit, with its report."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="hearings")
    committee = optional_key(Committee)
    kind = models.CharField(_("type"), max_length=10, choices=HearingKind, default=HearingKind.HEARING)
    state = models.CharField(_("état"), max_length=10, choices=HearingState, default=HearingState.PLANNED)
    title = models.CharField(_("titre"), max_length=200)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=240, blank=True)
    video_link = models.URLField(_("lien de visioconférence"), blank=True)
    report = models.TextField(_("compte rendu"), max_length=100_000, blank=True)
    report_version = models.PositiveIntegerField(default=0)
    report_saved_at = models.DateTimeField(null=True, blank=True, editable=False)
    reason = models.CharField(_("motif d’annulation"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = user_key()

    privacy = IMPERSONAL
    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("audition")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hearing_ends_after_start", condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at"))
            ),
            models.CheckConstraint(
                name="hearing_cancelled_has_reason",
                condition=~Q(state=HearingState.CANCELLED) | ~Q(reason=""),
                violation_error_message=_("Dites pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_badge(self) -> str:
        """Return the name of the badge that stands next to the label of the state."""
        return HearingState(self.state).badge

    @property
    def awaits_report(self) -> bool:
        return self.state == HearingState.HELD and not self.report


class HearingGuest(models.Model):
    """Somebody who was heard or met: a person that the assembly writes to, or only a name and a capacity."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="guests")
    person = optional_key(Person)
    name = models.CharField(_("nom"), max_length=120)
    capacity = models.CharField(_("qualité"), max_length=160)
    kind = models.CharField(_("à quel titre"), max_length=8, choices=GuestKind, default=GuestKind.EXPERT)
    is_public = models.BooleanField(_("nom donné au public"), default=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos auditions"),
        owner="person",
        default=retained(_("audition tenue, sans le nom de la personne")),
        name=erased(),
        capacity=erased(),
    )

    class Meta:
        ordering = ["hearing", "pk"]

    def __str__(self) -> str:
        return self.name
