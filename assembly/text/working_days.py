"""Working days in France: due dates avoid weekends and public holidays, and no mail is sent on those days."""

from datetime import date, datetime, time, timedelta

FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
QUIET_FROM, QUIET_UNTIL = time(19, 0), time(7, 30)


def easter(year: int) -> date:
    """Return Easter Sunday, by the anonymous Gregorian algorithm."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    m = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_holiday(day: date) -> bool:
    if (day.month, day.day) in FIXED:
        return True
    return (day - easter(day.year)).days in AFTER_EASTER


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day)


def next_working_day(day: date) -> date:
    """Return `day` itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_between(first: date, last: date) -> int:
    """Count the working days after `first`, up to `last` included; 0 when `last` is past."""
    return sum(is_working_day(first + timedelta(days=step)) for step in range(1, (last - first).days + 1))


def is_quiet(local: datetime) -> bool:
    """Return whether this local time is in the evening, at night, on a weekend or a public holiday."""
    hour = local.time()
    return not is_working_day(local.date()) or hour >= QUIET_FROM or hour < QUIET_UNTIL
