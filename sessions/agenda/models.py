"""Models of the agenda: an ordered tree of two levels, items and sub-items."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL
from sessions.sittings.models import Sitting


class AgendaKind(models.TextChoices):
    OPENING = "opening", _("ouverture")
    MINUTES_APPROVAL = "minutes_approval", _("approbation d’un procès-verbal")
    INFORMATION = "information", _("information")
    DISCUSSION = "discussion", _("échange")
    VOTE = "vote", _("vote")
    ACTIONS = "actions", _("suivi des actions")
    BREAK = "break", _("pause")
    OTHER = "other", _("questions diverses")


class AgendaItem(models.Model):
    """Item of an agenda; its topic (`topic_type`, `topic_id`) is described by later apps in `topics`."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="agenda")
    parent = optional_key("self", related_name="children")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("titre"), max_length=240)
    kind = models.CharField(_("nature"), max_length=18, choices=AgendaKind, default=AgendaKind.DISCUSSION)
    minutes = models.PositiveSmallIntegerField(_("durée, en minutes"), default=15)
    speaker = models.CharField(_("intervenant·e"), max_length=160, blank=True)
    speaker_person = optional_key(Person)
    note = models.TextField(_("présentation"), blank=True, max_length=2000)
    is_internal = models.BooleanField(
        _("point interne"), default=False, help_text=_("Vu de l’équipe seulement, absent de la convocation.")
    )
    topic_type = models.CharField(max_length=80, blank=True)
    topic_id = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(_("ouvert à"), null=True, blank=True)
    closed_at = models.DateTimeField(_("clos à"), null=True, blank=True)
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = IMPERSONAL  # but `speaker`, erased by sessions/contributions.py

    class Meta:
        verbose_name = _("point de l’ordre du jour")
        ordering = ["sitting", "position", "pk"]
        constraints = [
            models.CheckConstraint(name="agenda_item_not_own_parent", condition=Q(parent=None) | ~Q(parent=F("pk"))),
            models.CheckConstraint(
                name="agenda_item_closed_after_opened",
                condition=Q(closed_at=None) | Q(opened_at__isnull=False, closed_at__gte=F("opened_at")),
            ),
        ]
        indexes = [models.Index(fields=["sitting", "position"], name="agenda_item_order")]

    def __str__(self) -> str:
        return self.title


class AgendaDocument(models.Model):
    """Document of the sitting or of one item."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="papers")
    item = optional_key(AgendaItem, related_name="papers")
    upload = models.ForeignKey("documents.Upload", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("titre"), max_length=200)
    is_internal = models.BooleanField(_("réservé à l’équipe"), default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("pièce")
        ordering = ["sitting", "item", "pk"]

    def __str__(self) -> str:
        return self.title
