"""What an officer notes while people speak, item by item: help for writing the minutes, never a document."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sessions.models.agenda import AgendaItem


class ItemNote(models.Model):
    """One person's notes on one item, plain words. Seen by the team, erased by the clock (`Term.notes_kept_months`).

    `revision` grows at each save: a second window that is behind is answered 409 with both texts joined.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("notes"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(_("écrites le"))

    class Meta:
        verbose_name = _("notes de séance")
        ordering = ["item", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "author"], name="item_note_once_per_author")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.author_id}"
