"""Which day an hour of a sitting falls on: an evening that passes midnight goes on."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

HALF_A_DAY = timedelta(hours=12)


def day_of(hour: time, starts_at: datetime) -> date:
    """The day of the sitting; the next one when that hour came more than twelve hours before the beginning."""
    day = timezone.localdate(starts_at)
    if starts_at - timezone.make_aware(datetime.combine(day, hour)) > HALF_A_DAY:
        return day + timedelta(days=1)
    return day


def is_during(moment: datetime, starts_at: datetime) -> bool:
    """On the day of the sitting, or in the night that follows an evening."""
    return timezone.localdate(moment) == day_of(timezone.localtime(moment).time(), starts_at)
