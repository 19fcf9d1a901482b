"""Published profile of those who sit: figures by feature, published again when at least five people changed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import Term
from assembly.speed.queryset import ScreenQuerySet


class ProfilePublication(models.Model):
    """Profile of the members as the public reads it, and nothing else. Append-only (trigger).

    `groups`: {group: {feature: {value: [people, number]}}}. A trigger refuses a publication in which fewer than five
    people changed since the one before, and a cell that differs by one to four people from an earlier publication.
    `mandates`: keys of those who sat that day, to count how many changed; never shown.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="profile_publications")
    number = models.PositiveSmallIntegerField(_("numéro"))
    members = models.PositiveIntegerField(_("membres"))
    groups = models.JSONField(_("chiffres"))
    mandates = models.JSONField(editable=False)
    published_at = models.DateTimeField(_("publié le"), default=timezone.now)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("profil publié des membres")
        ordering = ["term", "-number"]
        constraints = [models.UniqueConstraint(fields=["term", "number"], name="profile_publication_once")]

    def __str__(self) -> str:
        return f"profile {self.number} of term {self.term_id}"
