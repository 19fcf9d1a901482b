"""Retention of who went where, until two years after the return."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import delete_row, months_later, retention
from mission.trips.models import TripTraveller

RETENTION_MONTHS = 24


def old_travellers(now: datetime) -> QuerySet[TripTraveller]:
    rows: QuerySet[TripTraveller] = TripTraveller.objects.filter(
        row__ends_at__date__lt=months_later(timezone.localdate(now), -RETENTION_MONTHS)
    )
    return rows


retention(
    "mission.trip_travellers",
    _("Personnes en déplacement, deux ans après le retour"),
    find=old_travellers,
    apply=delete_row,
)
