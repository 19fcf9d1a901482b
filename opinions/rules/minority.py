"""Who writes and signs minority positions: members, after the adoption, until a day; the team keys in from paper."""

from datetime import date, timedelta
from typing import Any

from assembly.institution.rules import is_member, is_team
from opinions.enums import OpinionState, PositionState
from opinions.models import MinorityPosition, Opinion

DAYS = 15
P = PositionState


def last_day(opinion: Opinion) -> date | None:
    """Fifteen days after the adoption; none for an opinion that is not adopted."""
    return opinion.adopted_on + timedelta(days=DAYS) if opinion.adopted_on else None


def is_open(opinion: Opinion, today: date) -> bool:
    """Adopted, not handed over yet, the day not gone by."""
    last = last_day(opinion)
    return opinion.state == OpinionState.ADOPTED and last is not None and today <= last


def can_write(user: Any, opinion: Opinion, today: date) -> bool:
    return is_member(user, opinion.term_id) and is_open(opinion, today)


def can_record(user: Any, opinion: Opinion, today: date) -> bool:
    return is_team(user, opinion.term_id) and is_open(opinion, today)


def is_author(user: Any, position: MinorityPosition) -> bool:
    return position.author_id == user.pk and is_member(user, position.opinion.term_id)


def can_edit(user: Any, position: MinorityPosition, today: date) -> bool:
    """The author, a draft or what was submitted, while positions are open."""
    return is_author(user, position) and position.state != P.WITHDRAWN and is_open(position.opinion, today)


def can_withdraw(user: Any, position: MinorityPosition) -> bool:
    """The author, until it is handed over with the opinion."""
    waits = position.opinion.state == OpinionState.ADOPTED
    return is_author(user, position) and position.state == P.SUBMITTED and waits


def is_other_member(user: Any, position: MinorityPosition) -> bool:
    return position.author_id != user.pk and is_member(user, position.opinion.term_id)


def can_sign(user: Any, position: MinorityPosition, today: date) -> bool:
    """Any other member, once it is submitted."""
    return is_other_member(user, position) and position.state == P.SUBMITTED and is_open(position.opinion, today)


def can_confirm(user: Any, position: MinorityPosition) -> bool:
    """The author says that what was keyed in is what they wrote."""
    waits = position.recorded_by_id is not None and position.confirmed_at is None
    return waits and position.state == P.SUBMITTED and is_author(user, position)
