"""Portrait of a member on the public pages: a photograph, a few words, the consent of a guardian for a minor."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key, optional_user_key
from assembly.identity.personal_data import ModelPrivacy
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from members.members.models import Member

STATEMENT_LENGTH = 240


class PortraitQuerySet(ScreenQuerySet["Portrait"]):
    def visible_to(self, user: Any) -> Self:
        """Return the portraits of the members of the terms where `user` is in the team."""
        return self.filter(member__mandates__term__in=term_ids(user, TEAM_ROLES)).distinct()


class Portrait(models.Model):
    """Portrait of a member, deleted with the mandate. The public sees it while `queries.public_portraits` has it.

    `guardian`: who signed for a minor. `version` counts the changes, so that what goes online is what was read.
    """

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="portrait")
    photo = optional_key("documents.Upload", _("photo"))
    statement = models.TextField(_("quelques mots"), max_length=STATEMENT_LENGTH, blank=True)
    guardian = models.CharField(_("accord écrit de"), max_length=160, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("modifié le"), auto_now=True)
    published_at = models.DateTimeField(_("mis en ligne le"), null=True, blank=True)
    published_by = optional_user_key()

    privacy = ModelPrivacy(_("Votre portrait"), owner="member__person", deletes_rows=True, internal=["photo"])
    objects = PortraitQuerySet.as_manager()

    class Meta:
        verbose_name = _("portrait")
        ordering = ["member__person__sort_name", "pk"]
        constraints = [
            models.CheckConstraint(name="portrait_not_empty", condition=Q(photo__isnull=False) | ~Q(statement="")),
            models.CheckConstraint(
                name="portrait_published_by_iff_published",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"portrait of member {self.member_id}"
