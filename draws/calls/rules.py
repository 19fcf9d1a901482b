"""Rights on a call, its last days by canton, and its rules about ages."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from assembly.identity.personal_data import months_later
from assembly.institution.models import Term
from assembly.institution.rules import is_lead, is_team
from draws.models import AgeBand, Call, CallExtension, CallState
from members.breakdowns import class_of

OF_AGE = 18


def can_see_candidates(user: Any, term: Term | int) -> bool:
    """Return whether the user is in the team of the term; a facilitator never reads who is a candidate."""
    return is_team(user, term)


def can_prepare_call(user: Any, term: Term | int) -> bool:
    """Return whether the user may write the dates of a call and whom it admits."""
    return is_lead(user, term)


def planned_last_day(call: Call, extensions: Iterable[CallExtension], canton: int | None) -> date:
    """Return the last day that was decided for this canton; without a canton, for everywhere."""
    days = (row.closes_on for row in extensions if row.canton_id in (None, canton))
    return max([call.closes_on, *days])


def last_day_in(call: Call, extensions: Iterable[CallExtension], canton: int | None) -> date:
    """Return until when candidates of this canton are received, or were until the call closed; None: of anywhere."""
    day = planned_last_day(call, extensions, canton)
    return min(day, call.closed_on) if call.closed_on else day


def very_last_day(call: Call, extensions: Iterable[CallExtension]) -> date:
    """Return the day after which nobody is received any more, in any canton."""
    extensions = list(extensions)
    return max(last_day_in(call, extensions, canton) for canton in {None, *(row.canton_id for row in extensions)})


def is_receiving(call: Call, extensions: Iterable[CallExtension], day: date, canton: int | None = None) -> bool:
    """Return whether a candidate of this canton may apply on that day; without a canton, of any."""
    until = last_day_in(call, extensions, canton) if canton else very_last_day(call, extensions)
    return call.state == CallState.OPEN and call.opens_on <= day <= until


def open_cantons(call: Call, extensions: Iterable[CallExtension], day: date) -> set[int] | None:
    """Return the keys of the cantons where the call is still open that day; None for everywhere."""
    extensions = list(extensions)
    if day <= last_day_in(call, extensions, None):
        return None
    return {row.canton_id for row in extensions if row.canton_id is not None and day <= row.closes_on}


def age_on(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_minor(birth: date, day: date) -> bool:
    return age_on(birth, day) < OF_AGE


def age_band(birth: date, day: date) -> AgeBand:
    return tuple(AgeBand)[class_of(age_on(birth, day))]


def erasure_day(call: Call) -> date:
    """Return the day announced to whoever applies now, when those neither drawn nor alternates are erased."""
    return months_later(call.day_of_age, call.term.candidates_retention_months)


def is_split(call: Call, city: str) -> bool:
    """Return whether this commune lies in several cantons."""
    names = {name.strip().casefold() for name in call.split_communes.split(",")} - {""}
    return city.strip().casefold() in names
