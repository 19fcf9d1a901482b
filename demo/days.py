"""Days of the story: written for one Wednesday, and told for another one, a whole number of weeks later.

Strings are days of the story; `paris` and `story_date` return days of the calendar, so many weeks later. Modules of
the story read days when they are imported: whoever tells another day calls `show_day` before that.
"""

import os
import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

PARIS = ZoneInfo("Europe/Paris")
TODAY = "2026-11-25"
STORY_DAY: Final = date.fromisoformat(TODAY)
VARIABLE: Final = "ASSEMBLY_DEMO_DAY"
WEEK, FRESH = timedelta(days=7), timedelta(days=30)
MONTHS: Final = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)  # fmt: skip
# A day, a month, a reference of a year, or a year, up to 2029: « Vieillir en 2050 » stays.
DAYS_IN_TEXT: Final = re.compile(
    rf"\b(?P<of>d’|de )?(?:(?P<day>\d{{1,2}})(?:er)? )?\b(?P<month>{'|'.join(MONTHS)})\b(?: (?P<year>202\d))?"
    r"|\b(?P<ref_year>202\d)-(?P<ref_month>[01]\d)\b|\b(?P<alone>202\d)\b"
)


@cache
def shown_day() -> date:
    """Return the day that the story tells, the same until the process ends: constants are computed from it.

    Raise ImproperlyConfigured for one that is not whole weeks away.
    """
    text = os.environ.get(VARIABLE, TODAY)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{VARIABLE} must be a day such as {TODAY}, not {text!r}.") from error
    if day.weekday() != STORY_DAY.weekday():
        raise ImproperlyConfigured(f"{VARIABLE} must be a Wednesday: sittings keep their day of the week.")
    return day


def show_day(day: date) -> None:
    """Tell this day in this process and those that it starts; raise RuntimeError if another one was read before."""
    os.environ[VARIABLE] = str(day)
    if shown_day() != day:
        raise RuntimeError(f"The story was already read for {shown_day()}, not for {day}.")


def shift() -> timedelta:
    return shown_day() - STORY_DAY


def last_day_to_show(today: date) -> date:
    """Return the last day up to `today` that the story can tell: the same day of the week."""
    return today - (today - STORY_DAY) % WEEK


def is_outdated(day: date, today: date) -> bool:
    return today - day > FRESH


def story_date(text: str) -> date:
    """Parse « 2026-03-28 » as a day of the story."""
    return date.fromisoformat(text) + shift()


def paris(text: str) -> datetime:
    """Parse « 2026-03-28 09:30 » as Paris time on a day of the story."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS) + shift()  # the hour on the clock stays


def at_hour(day: date, hour: str) -> datetime:
    """Return « 09:30 » of a day of the calendar."""
    return datetime.strptime(f"{day} {hour}", "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


def retell(text: str) -> str:
    """Return a text of the story with its days, months, years and references of today’s telling."""
    return DAYS_IN_TEXT.sub(_moved_days, text) if shift() else text


def _moved_days(match: re.Match[str]) -> str:
    if alone := match["alone"]:
        return str(story_date(f"{alone}-07-01").year)
    if match["ref_year"]:
        return f"{story_date(f'{match["ref_year"]}-{match["ref_month"]}-15'):%Y-%m}"
    number = MONTHS.index(match["month"]) + 1
    day = story_date(f"{match['year'] or STORY_DAY.year}-{number:02}-{int(match['day'] or 15):02}")
    month = MONTHS[day.month - 1]
    year = f" {day.year}" if match["year"] else ""
    if match["day"]:
        return f"{match['of'] or ''}{'1er' if day.day == 1 else day.day} {month}{year}"
    of = ("d’" if month[0] in "ao" else "de ") if match["of"] else ""
    return f"{of}{month}{year}"
