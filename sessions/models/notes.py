"""Model of the notes that an officer takes during a sitting, item by item, to help write the minutes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy
from sessions.agenda.models import AgendaItem


class ItemNote(models.Model):
    """Plain-text notes of one person on one item, never a document.

    The team reads them; a scheduled job erases them (`Term.notes_retention_months`). `revision` grows at each save: a
    second window with an old one gets a 409 response with both texts merged.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("notes"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(_("écrites le"))

    privacy = ModelPrivacy(
        _("Vos notes prises en séance"), owner="author__person", deletes_rows=True, internal=["item"]
    )

    class Meta:
        verbose_name = _("notes de séance")
        ordering = ["item", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "author"], name="item_note_once_per_author")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.author_id}"
