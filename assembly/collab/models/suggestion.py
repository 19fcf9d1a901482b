"""Model of a suggested change of a text, with its decision."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.collab.enums import SuggestionState
from assembly.collab.models.text import COLLECTIVE, SharedText
from assembly.identity.personal_data import ModelPrivacy, retained
from assembly.speed.queryset import ScreenQuerySet


class Suggestion(models.Model):
    """A tracked change, linked to the text by the id of its marks.

    The marks are authoritative, the row is its history.
    """

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="suggestions")
    mark_id = models.CharField(max_length=100)
    kind = models.CharField(_("nature"), max_length=20)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="text_suggestions"
    )
    at = models.DateTimeField(_("proposé le"), default=timezone.now)
    state = models.CharField(_("état"), max_length=10, choices=SuggestionState, default=SuggestionState.OPEN)
    quote = models.TextField(_("ce qui est proposé"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    reason = models.TextField(_("motif"), max_length=1000, blank=True)

    privacy = ModelPrivacy(
        _("Vos propositions dans les textes communs"),
        owner="author__person",
        default=retained(COLLECTIVE),
        internal=["mark_id"],
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposition")
        ordering = ["text", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "mark_id"], name="suggestion_mark_once"),
            models.CheckConstraint(name="suggestion_state_known", condition=Q(state__in=SuggestionState.values)),
            models.CheckConstraint(
                name="suggestion_decided_at_iff_decided",
                condition=Q(state=SuggestionState.OPEN, decided_at=None)
                | (~Q(state=SuggestionState.OPEN) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.mark_id
