"""Comment threads of a text and their comments."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.collab.enums import TextEventKind
from assembly.collab.models.suggestion import Suggestion
from assembly.collab.models.text import COLLECTIVE, SharedText
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Directorate
from assembly.speed.queryset import ScreenQuerySet


class Thread(models.Model):
    """A conversation about a passage (`anchor`, the id of a comment mark), a recommendation, or the whole text.

    `quote`, `prefix` and `suffix` store the passage, in case the marks disappear with it.
    """

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="threads")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    anchor = models.CharField(max_length=100, blank=True)
    node_id = models.CharField(max_length=36, blank=True)
    quote = models.TextField(_("passage"), max_length=2000, blank=True)
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("ouvert le"), default=timezone.now)
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("direction")
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confié à"),
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("fil de commentaires")
        ordering = ["text", "opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "anchor"], name="thread_anchor_once", condition=~Q(anchor="")),
            models.CheckConstraint(
                name="thread_resolved_by_iff_at",
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
            ),
            models.CheckConstraint(name="thread_assigned_to_one", condition=Q(assigned_to=None) | Q(directorate=None)),
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.pk}"

    @property
    def assignee(self) -> str:
        """Return the name of the assigned person or directorate; empty for none."""
        if self.assigned_to is not None:
            return str(self.assigned_to.get_full_name())
        return str(self.directorate.name) if self.directorate is not None else ""


class Comment(models.Model):
    """One message of a thread. A withdrawn one leaves its place."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("commentaire"), max_length=4000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    at = models.DateTimeField(_("écrit le"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos commentaires sur les textes communs"),
        owner="author__person",
        default=retained(COLLECTIVE),
        at=retained(),
        withdrawn_at=retained(),
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("commentaire")
        ordering = ["thread", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.pk}"


class TextEvent(models.Model):
    """An event for the daily mail of one author. `key` makes it unique."""

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=TextEventKind)
    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=120, unique=True)
    happened_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("dit le"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("devenu sans objet le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Ce qui vous a été annoncé sur les textes communs"),
        owner="user__person",
        deletes_rows=True,
        internal=["suggestion", "comment"],
    )

    class Meta:
        ordering = ["happened_at", "pk"]
        indexes = [
            models.Index(fields=["user"], name="text_event_waiting", condition=Q(sent_at=None, dropped_at=None)),
        ]
        constraints = [
            models.CheckConstraint(name="text_event_sent_or_dropped", condition=Q(sent_at=None) | Q(dropped_at=None)),
            models.CheckConstraint(name="text_event_kind_known", condition=Q(kind__in=TextEventKind.values)),
        ]

    def __str__(self) -> str:
        return self.key
