"""Model of distributions: what was sent, about what, by whom, when. Their progress is counted, never stored."""

import uuid
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Assembly, Term
from assembly.institution.rules import assembly_ids, term_ids
from assembly.speed.queryset import ScreenQuerySet

if TYPE_CHECKING:
    from assembly.identity.models import User


class DistributionQuerySet(ScreenQuerySet["Distribution"]):
    def visible_to(self, user: "User") -> Self:
        """Return the distributions of the user's teams, and all of an assembly for its technical administrator."""
        team = Q(term_id__in=term_ids(user, TEAM_ROLES))
        wide = Q(term=None, assembly_id__in=assembly_ids(user, TEAM_ROLES))
        return self.filter(team | wide | Q(assembly_id__in=assembly_ids(user, Role.ADMIN)))


class Distribution(models.Model):
    """One message to many people. `key` is unique: a second request returns the first one."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(_("nature"), max_length=60)
    title = models.CharField(_("objet"), max_length=200)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("demandé le"))
    send_at = models.DateTimeField(
        _("à envoyer le"),
        null=True,
        blank=True,
        help_text=_("Vide : tout de suite. Les courriels attendent cette heure."),
    )
    stopped_at = models.DateTimeField(_("arrêté le"), null=True, blank=True)
    attachments = models.JSONField(_("pièces jointes"), default=list)

    privacy = IMPERSONAL
    objects = DistributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("envoi")
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["term", "-requested_at", "-id"], name="distribution_latest"),
            models.Index(fields=["assembly", "-requested_at", "-id"], name="distribution_of_assembly"),
            models.Index(fields=["subject_type", "subject_id"], name="distribution_subject"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        """Return whether its mail has a sending time in the future."""
        return self.send_at is not None and self.send_at > timezone.now() and self.stopped_at is None

    @cached_property
    def subject(self) -> models.Model:
        """Return the object that the message is about, read from its own app."""
        model = apps.get_model(self.subject_type)
        return model._base_manager.get(pk=self.subject_id)
