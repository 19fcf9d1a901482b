"""Retention periods of `members`, and the mandates that an erasure ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import at_erasure, delete_row, retention
from assembly.institution.queries import terms_past
from members.mandates.actions import end_mandates_of
from members.models import AccommodationNeed, AlumniConsent, Mandate


def expired_consents(now: datetime) -> Iterator[AlumniConsent]:
    """Return the consents whose two years are over."""
    today = timezone.localdate(now)
    rows = AlumniConsent.objects.select_related("mandate__term")
    return (row for row in rows.order_by("pk") if row.retained_until < today)


ENDED_NEEDS_RETENTION = timedelta(days=365)


def old_needs(now: datetime) -> QuerySet[AccommodationNeed]:
    """Return measures ended a year ago, and those of members whose terms all ended longer ago than the setting."""
    sitting = Mandate.objects.exclude(term__in=terms_past(now, "logistics_retention_months")).values("member")
    return AccommodationNeed.objects.filter(
        Q(ends_on__lt=timezone.localdate(now) - ENDED_NEEDS_RETENTION) | ~Q(member__in=sitting)
    )


retention(
    "members.alumni",
    _("Accords pour rester en contact, après deux ans"),
    find=expired_consents,
    apply=delete_row,
)
at_erasure("members.mandates", end_mandates_of)
retention("members.needs", _("Mesures à prévoir, après la mandature"), find=old_needs, apply=delete_row)
