"""Contact after the mandate: requested, withdrawn at any time by a link, erased after two years."""

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Term
from members import rules
from members.consents.actions import agreement_author, record_agreement
from members.enums import RecordChannel
from members.models import AlumniConsent, Member
from members.notifications import welcome_alumni


@transaction.atomic
def stay_in_touch(
    member: Member, term: Term, *, agrees: bool, by: User, channel: str = RecordChannel.ONLINE
) -> AlumniConsent | None:
    """Give the consent, or withdraw it; the same answer again changes nothing and sends nothing."""
    recorder, mandate = agreement_author(member, term.pk, by, is_online=channel == RecordChannel.ONLINE)
    known = AlumniConsent.objects.filter(mandate=mandate).first()
    if not agrees:
        if known is not None:
            known.delete()
            record_agreement("alumni.left", member, mandate, by=by, recorder=recorder)
        return None
    if known is not None:
        return known
    consent, is_new = AlumniConsent.objects.get_or_create(
        mandate=mandate, defaults={"given_at": timezone.now(), "channel": channel, "recorded_by": recorder}
    )
    if is_new:
        record_agreement("alumni.joined", member, mandate, by=by, recorder=recorder, channel=channel)
        welcome_alumni(consent, by=by)
    return consent


@transaction.atomic
def leave_by_link(consent: AlumniConsent) -> None:
    """Withdraw the consent without signing in, for whoever has the link of the message."""
    count, _rows = AlumniConsent.objects.filter(pk=consent.pk).delete()
    if count:
        mandate = consent.mandate
        record("alumni.left", mandate.member, by=None, on_behalf_of=mandate.member.person, dossier=mandate)


@transaction.atomic
def record_list_download(term: Term, *, by: User) -> None:
    """Record who downloads the list: the file has addresses."""
    if not rules.can_see_private(by, term):
        raise PermissionDenied
    record("alumni.exported", term, by=by, dossier=term)


def expired_consents(now: datetime) -> Iterator[AlumniConsent]:
    """Return the consents whose two years are over."""
    today = timezone.localdate(now)
    rows = AlumniConsent.objects.select_related("mandate__term")
    return (row for row in rows.order_by("pk") if row.retained_until < today)
