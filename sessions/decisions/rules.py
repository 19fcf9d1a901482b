"""Rights to record votes, decisions and action items; results of votes by their majority rule."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, ngettext

from assembly.institution.models import MajorityRule
from assembly.institution.rules import is_lead, is_team
from assembly.text.french import NBSP
from sessions.models import AgendaItem, BallotResult, Minutes, Sitting


def is_open_for_facts(sitting: Sitting, minutes: Minutes | None) -> bool:
    """Return whether facts may be recorded: from the opening until the minutes are no longer written."""
    if not (sitting.is_running or sitting.is_held):
        return False
    return minutes is None or minutes.is_being_written


def can_record(user: Any, sitting: Sitting, minutes: Minutes | None = None) -> bool:
    """Return whether the user may record a decision, prepare a vote or add an action."""
    return is_team(user, sitting.term_id) and is_open_for_facts(sitting, minutes)


def can_withdraw(user: Any, sitting: Sitting, minutes: Minutes | None = None) -> bool:
    """Return whether the user may withdraw a counted or proclaimed vote: the lead, with a reason."""
    return is_lead(user, sitting.term_id) and is_open_for_facts(sitting, minutes)


def takes_facts(item: AgendaItem) -> bool:
    """Return whether the item is on the agenda: one that was removed decides nothing."""
    return item.removed_at is None


def can_announce(user: Any, item: AgendaItem) -> bool:
    """Return whether a vote may be prepared: once its item is on the agenda of a coming sitting."""
    return takes_facts(item) and is_team(user, item.sitting.term_id) and item.sitting.is_upcoming


@dataclass(frozen=True)
class Count:
    """Votes counted: `cast` are for and against; `voters` are all who answered, whatever their answer."""

    votes_for: int
    votes_against: int
    abstentions: int = 0
    no_opinion: int = 0

    def __post_init__(self) -> None:
        if min(self.votes_for, self.votes_against, self.abstentions, self.no_opinion) < 0:
            raise ValueError("a count of votes is never negative")

    @property
    def cast(self) -> int:
        return self.votes_for + self.votes_against

    @property
    def voters(self) -> int:
        return self.cast + self.abstentions + self.no_opinion


@dataclass(frozen=True)
class BallotOutcome:
    """`needed` is the number of votes for that adopts; `is_tie`: exactly half of the base voted for."""

    result: BallotResult
    needed: int
    is_tie: bool
    by_casting_vote: bool = False

    @property
    def is_adopted(self) -> bool:
        return self.result == BallotResult.ADOPTED


def base(count: Count, rule: str, members_in_office: int) -> int:
    """Return the number of votes of which a majority is required."""
    match MajorityRule(rule):
        case MajorityRule.ABSOLUTE_PRESENT:
            return count.voters
        case MajorityRule.ABSOLUTE_MEMBERS:
            return members_in_office
    return count.cast


def votes_needed(count: Count, rule: str, members_in_office: int) -> int:
    """Return the smallest number of votes for that adopts; at least 1, since no votes decide nothing."""
    whole = base(count, rule, members_in_office)
    match MajorityRule(rule):
        case MajorityRule.TWO_THIRDS:
            return max(1, -(-2 * whole // 3))
        case MajorityRule.FOUR_FIFTHS:
            return max(1, -(-4 * whole // 5))
    return whole // 2 + 1


def outcome(count: Count, rule: str, *, members_in_office: int = 0, casting_vote_for: bool = False) -> BallotOutcome:
    """Return the result of a count; a tie is a rejection, unless the chair casts a vote for."""
    needed = votes_needed(count, rule, members_in_office)
    half_is_enough = MajorityRule(rule) not in {MajorityRule.TWO_THIRDS, MajorityRule.FOUR_FIFTHS}
    is_tie = (
        half_is_enough
        and count.votes_for == count.votes_against > 0
        and 2 * count.votes_for == base(count, rule, members_in_office)
    )
    adopted = count.votes_for >= needed or (is_tie and casting_vote_for)
    return BallotOutcome(
        result=BallotResult.ADOPTED if adopted else BallotResult.REJECTED,
        needed=needed,
        is_tie=is_tie,
        by_casting_vote=is_tie and casting_vote_for,
    )


def format_majority(rule: str, needed: int) -> str:
    """Return « majorité des votes exprimés : 42 »."""
    labels = {
        MajorityRule.SIMPLE: _("majorité des votes exprimés"),
        MajorityRule.ABSOLUTE_PRESENT: _("majorité absolue des votants"),
        MajorityRule.ABSOLUTE_MEMBERS: _("majorité absolue des membres"),
        MajorityRule.TWO_THIRDS: _("deux tiers des votes exprimés"),
        MajorityRule.FOUR_FIFTHS: _("quatre cinquièmes des votes exprimés"),
    }
    return f"{labels[MajorityRule(rule)]}{NBSP}: {needed}"


def format_count(count: Count) -> str:
    """Return « 78 voix pour, 4 contre, 7 abstentions, 2 ne se prononcent pas », without optional zeros."""
    parts = [
        _("%(n)s\u00a0voix pour") % {"n": count.votes_for},
        _("%(n)s\u00a0contre") % {"n": count.votes_against},
    ]
    if count.abstentions:
        parts.append(
            ngettext("%(n)s\u00a0abstention", "%(n)s\u00a0abstentions", count.abstentions) % {"n": count.abstentions}
        )
    if count.no_opinion:
        parts.append(
            ngettext("%(n)s ne se prononce pas", "%(n)s ne se prononcent pas", count.no_opinion)
            % {"n": count.no_opinion}
        )
    return ", ".join(parts)


def result_sentence(count: Count, rule: str, *, members_in_office: int = 0, casting_vote_for: bool = False) -> str:
    """Return the sentence for the minutes: « Adopté : 78 voix pour, 4 contre ; majorité … : 42. »."""
    vote_outcome = outcome(count, rule, members_in_office=members_in_office, casting_vote_for=casting_vote_for)
    numbers = format_count(count)
    if vote_outcome.is_adopted and count.votes_for == count.voters:
        return _("Adopté à l’unanimité\u00a0: %(numbers)s.") % {"numbers": numbers}
    if vote_outcome.by_casting_vote:
        return _("Adopté par la voix prépondérante de la présidence, à égalité\u00a0: %(numbers)s.") % {
            "numbers": numbers
        }
    majority = format_majority(rule, vote_outcome.needed)
    if vote_outcome.is_adopted:
        pattern = _("Adopté\u00a0: %(numbers)s\u00a0; %(majority)s.")
    elif vote_outcome.is_tie:
        pattern = _("Rejeté à égalité des voix\u00a0: %(numbers)s\u00a0; %(majority)s.")
    else:
        pattern = _("Rejeté\u00a0: %(numbers)s\u00a0; %(majority)s.")
    return pattern % {"numbers": numbers, "majority": majority}


def advisory_sentence(count: Count) -> str:
    """Return « Vote indicatif, sans décision : 3 voix pour, 1 contre. »."""
    return _("Vote indicatif, sans décision\u00a0: %(numbers)s.") % {"numbers": format_count(count)}


def impossible_count(count: Count, present: int) -> str:
    """Return why the count is impossible (more votes than voting members present), or nothing."""
    if count.voters <= present:
        return ""
    return ngettext(
        "%(votes)s votes pour %(present)s membre dans la salle\u00a0: recomptez, ou corrigez les présences.",
        "%(votes)s votes pour %(present)s membres dans la salle\u00a0: recomptez, ou corrigez les présences.",
        present,
    ) % {"votes": count.voters, "present": present}


def missing_votes(count: Count, present: int) -> str:
    """Return the doubt when somebody present was not counted, or nothing."""
    missing = present - count.voters
    if missing <= 0:
        return ""
    return ngettext(
        "Il manque %(missing)s vote\u00a0: %(votes)s comptés pour %(present)s membres dans la salle.",
        "Il manque %(missing)s votes\u00a0: %(votes)s comptés pour %(present)s membres dans la salle.",
        missing,
    ) % {"missing": missing, "votes": count.voters, "present": present}
