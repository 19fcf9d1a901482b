"""Rights on minority positions: members write and sign from the adoption to a last day; the team keys in paper."""

from datetime import date, timedelta
from typing import Any

from assembly.institution.rules import is_member, is_team
from opinions.enums import OpinionState
from opinions.models import MinorityPosition, Opinion

DAYS = 15


def last_day(opinion: Opinion) -> date | None:
    """Return the fifteenth day after the adoption; None for an opinion that is not adopted."""
    return opinion.adopted_on + timedelta(days=DAYS) if opinion.adopted_on else None


def is_open(opinion: Opinion, today: date) -> bool:
    """Return whether it is adopted, not handed over yet, and the last day is not past."""
    last = last_day(opinion)
    return opinion.state == OpinionState.ADOPTED and last is not None and today <= last


def can_write(user: Any, opinion: Opinion, today: date) -> bool:
    return is_member(user, opinion.term_id) and is_open(opinion, today)


def can_record(user: Any, opinion: Opinion, today: date) -> bool:
    return is_team(user, opinion.term_id) and is_open(opinion, today)


def is_author(user: Any, position: MinorityPosition) -> bool:
    return position.author_id == user.pk and is_member(user, position.opinion.term_id)


def is_other_member(user: Any, position: MinorityPosition) -> bool:
    return position.author_id != user.pk and is_member(user, position.opinion.term_id)
