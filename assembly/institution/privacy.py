"""Declaration of the personal data in `institution`."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import (
    at_erasure,
    erased,
    impersonal,
    months_later,
    personal,
    retain_all,
    retention,
)
from assembly.institution.actions.roles import leave
from assembly.institution.models import (
    Assembly,
    Canton,
    Committee,
    CommitteeMembership,
    Directorate,
    Invitation,
    ReferenceCounter,
    RoleAssignment,
    Term,
)

LINK = _("fonction tenue, sans le nom")
INVITATION_RETENTION = timedelta(days=365)

personal(
    CommitteeMembership,
    name=_("Vos participations à des groupes et comités"),
    owner="person",
    fields=retain_all("committee", "function", "starts_on", "ends_on", reason=LINK),
)
personal(
    RoleAssignment,
    name=_("Vos rôles"),
    owner="user__person",
    fields={
        **retain_all("role", "assembly", "term", "directorate", "given_at", "ended_at", reason=LINK),
        **retain_all("given_by", reason=LINK, exported=False),
    },
)
personal(
    Invitation,
    name=_("Vos invitations à entrer"),
    owner="person",
    fields={
        "email": erased(),
        **retain_all("role", "assembly", "term", "directorate", reason=LINK),
        **retain_all("created_at", "expires_at", "accepted_at", "revoked_at", reason=LINK),
        **retain_all("public_id", "code_digest", "invited_by", reason=LINK, exported=False),
    },
)
impersonal(Assembly, Canton, Committee, Directorate, ReferenceCounter, Term)


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
