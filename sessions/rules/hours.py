"""The day of an hour of a sitting, and when it may run: an evening may go on after midnight."""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

HALF_A_DAY = timedelta(hours=12)


def day_of(hour: time, starts_at: datetime) -> date:
    """Return the day of the sitting, or the next day if the hour is more than twelve hours before the beginning."""
    day = timezone.localdate(starts_at)
    if starts_at - timezone.make_aware(datetime.combine(day, hour)) > HALF_A_DAY:
        return day + timedelta(days=1)
    return day


def is_during(moment: datetime, starts_at: datetime) -> bool:
    """Return whether a moment is on the day of the sitting, or in the night after an evening."""
    return timezone.localdate(moment) == day_of(timezone.localtime(moment).time(), starts_at)


def moment_of(hour: time, starts_at: datetime, after: datetime | None = None) -> datetime:
    """Return that hour on the day of the sitting, in UTC.

    In the night of October with two hours « 2 h 30 » it is the first one, unless that comes before `after`.
    """
    local = timezone.make_aware(datetime.combine(day_of(hour, starts_at), hour))
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    return second if after is not None and first <= after < second else first


def opens_from(starts_at: datetime) -> datetime:
    """Return the moment from which a sitting may be opened; counted in UTC, so that two hours last two hours."""
    return starts_at.astimezone(UTC) - timedelta(hours=settings.SITTING_OPENS_HOURS_BEFORE)


def last_day_ends(ends_at: datetime) -> datetime:
    """Return the midnight in Paris after which the sitting may no longer be opened."""
    day = timezone.localdate(ends_at - timedelta(microseconds=1)) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def is_day_over(now: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether the last day of the sitting, and the night after it, are past."""
    return now >= last_day_ends(ends_at) and not is_during(now, starts_at)


def is_same_minute(one: datetime, other: datetime) -> bool:
    """Return whether both are in one minute, since forms submit hours without seconds."""
    return whole_minute(one) == whole_minute(other)


def whole_minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def is_within(moment: datetime, first: datetime, last: datetime) -> bool:
    """Return whether a moment is between two others, with their minutes included."""
    return whole_minute(first) <= whole_minute(moment) <= whole_minute(last)
