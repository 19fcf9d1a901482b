"""Erasure of roles, and retention of the addresses of invitations."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import at_erasure, months_later, retention
from assembly.institution.actions.roles import leave
from assembly.institution.models import Invitation, Term

INVITATION_RETENTION = timedelta(days=365)


def end_roles(person: Any, by: Any) -> None:
    """End the roles and revoke the pending invitations."""
    leave(person, by=by)


def terms_past(now: datetime, months_field: str) -> list[int]:
    """Return the terms that ended longer ago than `months_field`, the name of their setting in months."""
    today = timezone.localdate(now)
    terms = Term.objects.order_by().values_list("pk", "ends_on", months_field)
    return [pk for pk, ends_on, months in terms if months_later(ends_on, months) < today]


def old_invitations(now: datetime) -> QuerySet[Invitation]:
    """Return the invitations that expired a year ago and still have an address."""
    return Invitation.objects.filter(expires_at__lt=now - INVITATION_RETENTION).exclude(email="")


def erase_address(invitation: Any) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(email="")


at_erasure("institution.roles", end_roles)
retention("institution.invitations", _("Adresses d’invitations anciennes"), find=old_invitations, apply=erase_address)
