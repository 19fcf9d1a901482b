"""Mails and letters to invited persons: one act of the lead, one distribution."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assembly.institution.signals import IssuedInvitation
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.text.french import to_name

if TYPE_CHECKING:
    from assembly.identity.models import User


def send_invitations(issued: Sequence[IssuedInvitation], *, by: "User") -> None:
    """Queue the mails and letters of invitations that were just issued, in the same transaction."""
    first = issued[0].invitation
    recipients = [
        Recipient(
            one.invitation.person,
            {
                "link": one.link,
                "code": one.code,
                "role": one.invitation.role,
                "expires_at": one.invitation.expires_at.isoformat(),
            },
        )
        for one in issued
    ]
    distribute(
        "invitation",
        first,
        recipients,
        by=by,
        title=_("Votre accès %(to_name)s") % {"to_name": to_name(first.assembly.name)},
        term=first.term,
        assembly=first.assembly,
        key=f"invitation:{first.pk}",
    )
