"""Model of the directorates of the authority, which are asked for reviews; they comment and never edit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models.assembly import Assembly
from assembly.speed.queryset import ScreenQuerySet


class Directorate(models.Model):
    """Directorate. A renamed, split or merged one is closed and points at its successor; dossiers keep history."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="directorates")
    name = models.CharField(_("nom"), max_length=160)
    code = models.SlugField(_("sigle"), max_length=20)
    closed_on = models.DateField(_("close le"), null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("direction")
        ordering = ["name__alphabetical"]
        constraints = [models.UniqueConstraint(fields=["assembly", "code"], name="directorate_code_once")]

    def __str__(self) -> str:
        return self.name
