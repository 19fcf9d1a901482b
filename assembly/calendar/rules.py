"""Who opens the calendar of the team, which days an address may name, the signed address of a team."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer

from assembly.calendar.models import Period, TeamCalendar
from assembly.institution.models import Term
from assembly.institution.queries import DESK_ROLES
from assembly.institution.rules import has_role
from assembly.web.forms import whole_number

TEAM_CALENDAR = Signer(salt="calendar.team", sep=".")
FIRST_DAY, LAST_DAY = date(2000, 1, 3), date(2099, 12, 31)


def can_see_calendar(user: Any, term: Term) -> bool:
    """Return whether the user is of the team of this term, or a facilitator."""
    return has_role(user, DESK_ROLES, term=term)


def day_named(text: str) -> date | None:
    """Return the day written as 2026-11-30; None for anything else, and for a year outside of this century."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-30") else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of(period: str, day: date) -> tuple[date, date]:
    """Return the first and the last day of the period around a day; a month in its whole weeks is `weeks_of`."""
    if period == Period.DAY:
        return day, day
    if period == Period.WEEK:
        return monday_of(day), monday_of(day) + timedelta(days=6)
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def weeks_of(first: date, last: date) -> list[date]:
    """Return the Monday of each week that has one of these days."""
    start = monday_of(first)
    return [start + timedelta(days=7 * n) for n in range((last - start).days // 7 + 1)]


def adjacent_days(period: str, first: date, last: date) -> tuple[date, date]:
    """Return a day of the period before and of the one after."""
    return first - timedelta(days=1), last + timedelta(days=1)


def team_token(feed: TeamCalendar) -> str:
    return TEAM_CALENDAR.sign(f"{feed.term_id}-{feed.version}")


def read_team_token(token: str) -> tuple[int, int] | None:
    """Return the keys of the term and the version that were signed here; None for anything else."""
    try:
        term, _dash, version = TEAM_CALENDAR.unsign(token).partition("-")
    except BadSignature:
        return None
    return whole_number(term), whole_number(version)
