"""Rights on votes on parts, priorities, spokespersons, and on minority positions until their last day."""

from datetime import date, timedelta
from typing import Any

from assembly.institution.rules import is_member, is_team
from opinions.models import MinorityPosition, Opinion, OpinionState


def can_vote_parts(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may prepare votes on parts: before the vote on the whole."""
    return is_team(user, opinion.term_id) and opinion.state in OpinionState.tagged("before_vote")


def can_rank(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may record what the members found most important."""
    states = {OpinionState.CONSOLIDATED, *OpinionState.tagged("before_vote"), OpinionState.VOTED, OpinionState.ADOPTED}
    return is_team(user, opinion.term_id) and opinion.state in states


def can_draw(user: Any, opinion: Opinion) -> bool:
    """Return whether the team may record the spokespersons that were drawn by hand."""
    return is_team(user, opinion.term_id) and opinion.state in {OpinionState.ADOPTED, OpinionState.HANDED_OVER}


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
