"""Who suggests, supports, checks and votes a self-referral. Only roles are read from the database here."""

from dataclasses import dataclass
from typing import Any

from assembly.institution.models import Term, TermState
from assembly.institution.rules import is_lead, is_member, is_team
from consultations.models import Referral, ReferralState, SuggestionChannel

S = ReferralState


@dataclass(frozen=True)
class SuggestionLimits:
    """How many dots a member has, and how many at most on one subject."""

    dots: int = 5
    dots_a_subject: int = 3


def can_read_suggestions(user: Any, term: Term) -> bool:
    """Return whether the user reads « Sujets proposés » in the members' area."""
    return is_member(user, term)


def can_suggest(user: Any, term: Term) -> bool:
    """Return whether the user is a member of a term that goes on."""
    return is_member(user, term) and term.state not in TermState.tagged("ended")


def can_record_for(user: Any, term: Term) -> bool:
    """Return whether the user may record what came on paper or by telephone: the team may."""
    return is_team(user, term) and term.state not in TermState.tagged("ended")


def can_support(user: Any, referral: Referral) -> bool:
    return referral.is_self_referral and referral.state == S.SUGGESTED and is_member(user, referral.term_id)


def is_author(user: Any, referral: Referral) -> bool:
    return referral.is_self_referral and referral.suggested_by_id == user.pk and is_member(user, referral.term_id)


def can_change(user: Any, referral: Referral) -> bool:
    """Return whether the user may correct it: its author; the team only what it recorded itself."""
    if not referral.is_self_referral or referral.state != S.SUGGESTED:
        return False
    written_by_team = referral.suggested_via != SuggestionChannel.SITE
    return is_author(user, referral) or (written_by_team and is_team(user, referral.term_id))


def is_admissible(referral: Referral) -> bool | None:
    """Return the decision on admissibility; None: nobody decided yet."""
    check = getattr(referral, "admissibility", None)
    return check.is_admissible if check is not None else None


def can_set(user: Any, term: Term) -> bool:
    """Return whether the user may set dots, delays and the way of receiving: the lead may."""
    return is_lead(user, term)
