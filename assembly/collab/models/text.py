"""Models of a text: its ordered updates are the text, what is in memory is only a copy."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.collab.enums import TextState, UpdateKind
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Assembly
from assembly.speed.queryset import ScreenQuerySet

COLLECTIVE = _("texte collectif de l’assemblée, gardé sans votre nom")


class SharedText(models.Model):
    """A text that several people write. The app that owns it decides who may do what (see registry.py).

    `last_seq` numbers the updates without gap: it grows in the statement that checks the state.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("nature"), max_length=40)
    title = models.CharField(_("titre"), max_length=250)
    state = models.CharField(_("état"), max_length=10, choices=TextState, default=TextState.OPEN)
    last_seq = models.PositiveBigIntegerField(default=0)
    listed_seq = models.PositiveBigIntegerField(default=0, help_text=_("Propositions relevées jusque-là."))
    schema_version = models.PositiveSmallIntegerField()
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+", verbose_name=_("assemblée"))
    created_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(_("figé le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("texte")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], name="text_to_list", condition=~Q(last_seq=models.F("listed_seq"))),
        ]
        constraints = [
            models.CheckConstraint(name="text_state_known", condition=Q(state__in=TextState.values)),
            models.CheckConstraint(
                name="text_frozen_at_iff_frozen",
                condition=Q(state=TextState.FROZEN, frozen_at__isnull=False)
                | (~Q(state=TextState.FROZEN) & Q(frozen_at=None)),
            ),
            models.CheckConstraint(name="text_listed_behind", condition=Q(listed_seq__lte=models.F("last_seq"))),
        ]

    def __str__(self) -> str:
        return self.title


class Update(models.Model):
    """One person's edit, as the editor sent it. Append-only (trigger): the log is the text."""

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="updates")
    seq = models.PositiveBigIntegerField()
    data = models.BinaryField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=6, choices=UpdateKind, default=UpdateKind.LIVE)

    privacy = ModelPrivacy(
        _("Ce que vous avez écrit dans les textes communs"),
        owner="author__person",
        default=retained(COLLECTIVE),
        internal=["data"],
    )

    class Meta:
        ordering = ["text", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["text", "seq"], name="update_seq_once"),
            models.CheckConstraint(name="update_seq_from_one", condition=Q(seq__gte=1)),
            models.CheckConstraint(name="update_kind_known", condition=Q(kind__in=UpdateKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.seq}"


class Snapshot(models.Model):
    """The whole state after `upto_seq`, so that opening need not read the log from its first row."""

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="snapshots")
    upto_seq = models.PositiveBigIntegerField()
    data = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["text", "-upto_seq"]
        constraints = [models.UniqueConstraint(fields=["text", "upto_seq"], name="snapshot_seq_once")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.upto_seq}"
