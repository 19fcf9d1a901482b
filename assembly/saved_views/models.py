"""Models of saved views: a list as somebody arranged it, and to whom it is mailed each week."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy
from assembly.institution.models import Assembly, Term
from assembly.speed.queries import ScreenQuerySet

LONGEST_QUERY = 1000


class SavedView(models.Model):
    """A list as somebody arranged it.

    `list_key`: which list (`registry`). `query`: its address without the page. `token`: the link that shares it.
    Shared with the team of the assembly, with a `directorate`, or with nobody: then only `created_by` has it.
    """

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    list_key = models.CharField(max_length=24)
    name = models.CharField(_("nom de la vue"), max_length=80)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    token = models.CharField(max_length=43, unique=True)
    is_shared = models.BooleanField(_("partagée avec l’équipe"), default=False)
    directorate = optional_key("institution.Directorate")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = user_key()

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("vue enregistrée")
        ordering = ["name__alphabetical", "pk"]
        constraints = [models.UniqueConstraint(fields=["created_by", "list_key", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name


class ViewSubscription(models.Model):
    """A user to whom a saved view is mailed each week."""

    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="subscriptions")
    user = user_key()
    started_at = models.DateTimeField(auto_now_add=True)
    last_sent_on = models.DateField(null=True)

    privacy = ModelPrivacy(_("Les vues que vous recevez chaque semaine"), owner="user__person", deletes_rows=True)

    class Meta:
        verbose_name = _("vue envoyée chaque semaine")
        constraints = [models.UniqueConstraint(fields=["view", "user"], name="view_mailed_once")]

    def __str__(self) -> str:
        return f"subscription {self.pk}"
