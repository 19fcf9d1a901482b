"""Models of roles and invitations: a user has a role in a term, a directorate or an assembly, between two moments."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.personal_data import ModelPrivacy, erased, retained
from assembly.institution.enums import ASSEMBLY_ROLES, DIRECTORATE_ROLES, TERM_ROLES, Role
from assembly.institution.models.assembly import Assembly, Term
from assembly.institution.models.committee import FUNCTION
from assembly.institution.models.directorate import Directorate
from assembly.speed.queryset import ScreenQuerySet


def scope_matches_role() -> Q:
    """Return the constraint between a role and its scope; the database refuses any other combination."""
    return (
        Q(role__in=sorted(TERM_ROLES), term__isnull=False, directorate=None)
        | Q(role__in=sorted(DIRECTORATE_ROLES), term=None, directorate__isnull=False)
        | Q(role__in=sorted(ASSEMBLY_ROLES), term=None, directorate=None)
    )


class RoleAssignment(models.Model):
    """Role of a user. `assembly` is always set; `term` or `directorate` by the role. Ended rows stay as history."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("rôle"), max_length=14, choices=Role)
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="roles")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="roles")
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="roles")
    given_at = models.DateTimeField(_("donné le"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="roles_given"
    )
    ended_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    privacy = ModelPrivacy(_("Vos rôles"), owner="user__person", default=retained(FUNCTION))
    objects = ScreenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="role_scope_matches", condition=scope_matches_role()),
            models.CheckConstraint(
                name="role_not_self_given", condition=Q(given_by=None) | ~Q(given_by=models.F("user"))
            ),
            models.UniqueConstraint(
                fields=["user", "role", "assembly", "term", "directorate"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="role_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(models.Model):
    """Invitation of one person to an account, by mail or by letter with a code, of which only the digest is stored."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("adresse électronique"), blank=True)
    role = models.CharField(_("rôle"), max_length=14, choices=Role)
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="invitations")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations")
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    code_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    privacy = ModelPrivacy(_("Vos invitations à entrer"), owner="person", default=retained(FUNCTION), email=erased())
    objects = ScreenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="invitation_scope_matches", condition=scope_matches_role()),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked", condition=Q(accepted_at=None) | Q(revoked_at=None)
            ),
            models.UniqueConstraint(
                fields=["person", "role", "assembly", "term", "directorate"],
                condition=Q(accepted_at=None, revoked_at=None),
                nulls_distinct=False,
                name="invitation_waiting_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.public_id}"
