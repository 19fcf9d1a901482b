"""Certificates of attendance, sent to the people who came."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.french import format_date
from sessions.attendance.queries.presence import certifiable_invitees
from sessions.models import Sitting
from sessions.sittings import rules


@transaction.atomic
def send(sitting: Sitting, *, by: User) -> Distribution:
    """Send each person who came their certificate; a second call with the same closing sends nothing more."""
    if not rules.can_send_certificates(by, sitting):
        raise PermissionDenied
    people = list(certifiable_invitees(sitting))
    # A sitting that was reopened and closed again has other hours, hence other certificates.
    key = f"certificates:{sitting.pk}:{sitting.closed_at:%Y%m%d%H%M%S}"
    known = Distribution.objects.filter(key=key).first()
    if known is not None:
        return known
    distribution = distribute(
        "attendance-certificate",
        sitting,
        [Recipient(invitee.person, context={"invitee": invitee.pk}) for invitee in people],
        by=by,
        title=_("Attestations : « %(title)s », %(day)s")
        % {"title": sitting.title, "day": format_date(sitting.starts_at)},
        term=sitting.term,
        key=key,
    )
    record("certificates.sent", sitting, by=by, people=len(people))
    return distribution
