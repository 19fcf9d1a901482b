"""Who proposes, signs, checks, views and decides amendments. Nothing here reads the database but roles."""

from collections.abc import Set
from datetime import datetime
from enum import StrEnum
from typing import Any

from assembly.institution.rules import is_lead, is_member, is_team
from opinions.amending.enums import AmendmentState
from opinions.enums import OpinionState
from opinions.models import Amendment, Opinion
from opinions.models.opinion import BEFORE_VOTE_STATES
from opinions.workflows.amendments import AMENDMENT

A, S = AmendmentState, OpinionState
AUTHOR_VERBS = frozenset({"submit", "withdraw"})
CHECK_VERBS = frozenset({"admit", "refuse", "check_again", "merge"})
SITTING_VERBS = frozenset({"call", "adopt", "reject", "correct", "fall"})
VERBS = tuple(dict.fromkeys(step.verb for step in AMENDMENT.steps))
NEXT_TEXT_IN = frozenset({S.FROZEN})
SIGNED_IN = frozenset({A.SUBMITTED, A.ADMISSIBLE, A.RAPPORTEUR_VIEW})
Persons = Set[int]
NOBODY: Persons = frozenset()


class Window(StrEnum):
    """Whether amendments may be proposed to an opinion, and why not."""

    NOT_TABLED = "not_tabled"
    TO_COME = "to_come"
    OPEN = "open"
    CLOSED = "closed"


def window(opinion: Opinion, now: datetime) -> Window:
    """The state opens it, the hours close it: a clock that is late lets nobody in."""
    if opinion.state == S.TABLED:
        return Window.TO_COME
    if opinion.state == S.AMENDING and opinion.amendments_close_at is not None:
        opens = opinion.amendments_open_at
        if opens is not None and now < opens:
            return Window.TO_COME
        return Window.OPEN if now < opinion.amendments_close_at else Window.CLOSED
    return Window.CLOSED if opinion.is_tabled else Window.NOT_TABLED


def can_propose(user: Any, opinion: Opinion, now: datetime) -> bool:
    """Any member of the term, while the window is open."""
    return is_member(user, opinion.term_id) and window(opinion, now) == Window.OPEN


def can_record(user: Any, opinion: Opinion) -> bool:
    """The team keys in what came on paper or by telephone, or what the floor proposes, until the vote."""
    return is_team(user, opinion.term_id) and opinion.state in {S.AMENDING, S.FROZEN}


def is_author(user: Any, amendment: Amendment) -> bool:
    return amendment.author_id == user.person_id and is_member(user, opinion_of(amendment).term_id)


def is_member_of(user: Any, amendment: Amendment) -> bool:
    return is_member(user, opinion_of(amendment).term_id)


def opinion_of(amendment: Amendment) -> Opinion:
    return amendment.version.opinion


def can_edit(user: Any, amendment: Amendment) -> bool:
    """A draft is its author's, whether the window is open or not: words are kept."""
    return amendment.state == A.DRAFT and is_author(user, amendment)


def can_invite(user: Any, amendment: Amendment) -> bool:
    """The author asks others to sign, until the debate."""
    return is_author(user, amendment) and amendment.state in {A.DRAFT, *SIGNED_IN} and is_before_vote(amendment)


def can_sign(user: Any, amendment: Amendment, *, is_invited: bool) -> bool:
    """Who was asked; or any member, once the amendment passed the check."""
    if not is_member(user, opinion_of(amendment).term_id) or amendment.author_id == user.person_id:
        return False
    if amendment.state in {A.DRAFT, A.SUBMITTED} and not is_invited:
        return False
    return amendment.state in {A.DRAFT, *SIGNED_IN} and is_before_vote(amendment)


def can_confirm(user: Any, amendment: Amendment) -> bool:
    """The author says that what was keyed in is what they wrote."""
    return amendment.awaits_author and is_author(user, amendment)


def is_before_vote(amendment: Amendment) -> bool:
    return opinion_of(amendment).state in BEFORE_VOTE_STATES


def is_in_sitting(opinion: Opinion) -> bool:
    """The text is frozen, and its sitting is open, or held and its minutes still to be written."""
    sitting = opinion.tabled_sitting
    return opinion.state == S.FROZEN and sitting is not None and (sitting.is_running or sitting.is_held)


def is_rapporteur(user: Any, opinion: Opinion, rapporteurs: Persons) -> bool:
    """A member named for the opinion or for the part that is amended; `rapporteurs` are persons."""
    return is_member(user, opinion.term_id) and user.person_id in rapporteurs


def holds_right(user: Any, amendment: Amendment, verb: str, rapporteurs: Persons = NOBODY) -> bool:
    """Whose step it is, whatever the state."""
    opinion = opinion_of(amendment)
    if verb in AUTHOR_VERBS:
        return is_author(user, amendment)
    if verb == "give_view":
        return is_team(user, opinion.term_id) or is_rapporteur(user, opinion, rapporteurs)
    return is_lead(user, opinion.term_id) if verb == "restore" else is_team(user, opinion.term_id)


def can_take(user: Any, amendment: Amendment, verb: str, rapporteurs: Persons = NOBODY) -> bool:
    """A step from the present state; the debate belongs to the sitting."""
    if verb not in AMENDMENT.verbs_from(amendment.state) or not holds_right(user, amendment, verb, rapporteurs):
        return False
    if verb in SITTING_VERBS or verb == "restore":
        return is_in_sitting(opinion_of(amendment))
    return is_before_vote(amendment)


def can_make_text(user: Any, opinion: Opinion) -> bool:
    """Write the next version from what was adopted."""
    return is_team(user, opinion.term_id) and opinion.state in NEXT_TEXT_IN


def abilities(
    user: Any, amendment: Amendment, *, rapporteurs: Persons = NOBODY, is_invited: bool = False
) -> dict[str, bool]:
    """What the pages of this amendment may offer to this reader."""
    steps = {verb: can_take(user, amendment, verb, rapporteurs) for verb in VERBS}
    return steps | {
        "edit": can_edit(user, amendment),
        "invite": can_invite(user, amendment),
        "sign": can_sign(user, amendment, is_invited=is_invited),
        "confirm": can_confirm(user, amendment),
    }
