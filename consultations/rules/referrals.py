"""Who may do what with a referral. The team prepares and records, the president's office issues, the lead closes."""

from typing import Any

from assembly.institution.enums import TEAM_ROLES, Role, TermState
from assembly.institution.models import Term
from assembly.institution.rules import has_role, is_facilitator, is_lead, is_team
from consultations.enums import ReferralState
from consultations.models import Referral
from consultations.models.referral import ENDED_STATES, MUST_BE_ISSUED, UNISSUED
from consultations.workflows.referrals import OWN, PRESIDENT, machine

S = ReferralState
ENDED_TERMS = frozenset({TermState.CLOSED, TermState.ARCHIVED})
LEAD_ONLY = frozenset({"close", "reopen", "check_again"})
OFFICE = Role.PRESIDENT
OFFICE_ONLY = frozenset({"issue"})
OFFICE_TOO = frozenset({"return"})
VERBS = tuple(dict.fromkeys(step.verb for step in (*PRESIDENT.steps, *OWN.steps)))
# What the letter of a referral cannot do without: domain.md F-2.
NEEDED = ("question", "deliverable", "due_on", "lead")
# Once the letter is out its words stand; the calendar may still slip, and the decision it serves with it.
CALENDAR = frozenset({"work_starts_on", "due_on", "target_decision", "target_decision_on"})
FRAME = CALENDAR | {
    "question",
    "decided",
    "open_points",
    "impossible",
    "budget_frame",
    "deliverable",
    "support_offered",
}
TEXT = FRAME | {"title", "context"}
NOT_OURS_YET = frozenset({S.SUGGESTED})
BEFORE_WORK = frozenset({S.DRAFT, S.SUGGESTED})


def can_see_desk(user: Any, term: Term | int) -> bool:
    """The list and the dossiers of the bureau; directorates, offices and members have their own pages."""
    return is_team(user, term) or is_facilitator(user, term)


def can_create(user: Any, term: Term) -> bool:
    """Prepare a referral of the president, in a term that goes on."""
    return is_team(user, term) and term.state not in ENDED_TERMS


def holds_right(user: Any, referral: Referral, verb: str) -> bool:
    """Whose step it is, whatever the state."""
    term = referral.term_id
    if verb in OFFICE_ONLY:
        return has_role(user, OFFICE, term=term)
    if verb in LEAD_ONLY:
        return is_lead(user, term)
    if verb in OFFICE_TOO:
        return has_role(user, TEAM_ROLES | {OFFICE}, term=term)
    return is_team(user, term)


def can_take(user: Any, referral: Referral, verb: str) -> bool:
    """A step of the workflow of this origin, from the present state."""
    return verb in machine(referral).verbs_from(referral.state) and holds_right(user, referral, verb)


def can_record_paper(user: Any, referral: Referral) -> bool:
    """The president signed on paper: the team records it, and keeps the letter."""
    return is_team(user, referral.term_id) and "issue" in machine(referral).verbs_from(referral.state)


def editable_fields(referral: Referral) -> frozenset[str]:
    """What may still be written. The member's own words (title, why, powers) stay the member's."""
    if referral.is_ended or referral.state in NOT_OURS_YET:
        return frozenset()
    if referral.is_own:
        return frozenset(FRAME)
    return frozenset(TEXT if referral.state in UNISSUED else CALENDAR)


def can_edit(user: Any, referral: Referral) -> bool:
    return is_team(user, referral.term_id) and bool(editable_fields(referral))


def can_name_directorates(user: Any, referral: Referral) -> bool:
    """Lead and associated directorates are chosen in the form until the letter is out; then each request names one."""
    return can_edit(user, referral) and (referral.is_own or referral.state in UNISSUED)


def can_follow(user: Any, referral: Referral) -> bool:
    """Everything the team does around a referral that runs."""
    return is_team(user, referral.term_id) and not referral.is_ended


def can_ask_reviews(user: Any, referral: Referral) -> bool:
    return can_follow(user, referral) and referral.state not in BEFORE_WORK


def can_assign(user: Any, referral: Referral) -> bool:
    """Confide it to committees, as soon as it is more than a sketch."""
    return can_follow(user, referral) and referral.state not in BEFORE_WORK


def takes_briefing(referral: Referral) -> bool:
    """Its pack and its hearings may still be prepared."""
    return not referral.is_ended and referral.state not in NOT_OURS_YET


def can_brief(user: Any, referral: Referral) -> bool:
    return is_team(user, referral.term_id) and takes_briefing(referral)


def can_publish(user: Any, referral: Referral) -> bool:
    """The public reads what was issued, or what the assembly took up; never a draft nor a mere suggestion."""
    return is_team(user, referral.term_id) and referral.published_at is None and is_publishable(referral)


def is_publishable(referral: Referral) -> bool:
    if referral.is_own:
        return referral.state in {S.PUT_TO_VOTE, S.ADOPTED, S.REJECTED, *MUST_BE_ISSUED}
    return referral.issued_at is not None


def can_unpublish(user: Any, referral: Referral) -> bool:
    return is_team(user, referral.term_id) and referral.published_at is not None


def can_hand_over(user: Any, referral: Referral) -> bool:
    """Pass it to another officer, or find one for it."""
    return can_follow(user, referral)


def can_make_letter(user: Any, referral: Referral) -> bool:
    """The letter exists for the president's referrals, from the internal review on."""
    readers = TEAM_ROLES | {OFFICE}
    return not referral.is_own and referral.state != S.DRAFT and has_role(user, readers, term=referral.term_id)


def can_read_in_office(user: Any, referral: Referral) -> bool:
    """The president's office and the elected sponsor read it in their own room."""
    return has_role(user, {OFFICE, Role.SPONSOR}, term=referral.term_id)


def missing_fields(referral: Referral, *, has_lead: bool) -> list[str]:
    """What the letter still lacks, in the order of the form."""
    given = {"lead": has_lead}
    return [name for name in NEEDED if not given.get(name, getattr(referral, name, None))]


def abilities(user: Any, referral: Referral) -> dict[str, bool]:
    """What the pages of this referral may offer to this reader; the steps of another origin are all refused."""
    steps = {verb: can_take(user, referral, verb) for verb in VERBS}
    running = can_follow(user, referral)
    return steps | {
        "edit": can_edit(user, referral),
        "record_paper": can_record_paper(user, referral),
        "ask_reviews": can_ask_reviews(user, referral),
        "thread": running and referral.state not in BEFORE_WORK,
        "brief": can_brief(user, referral),
        "hear": can_brief(user, referral),
        "assign": can_assign(user, referral),
        "publish": can_publish(user, referral),
        "unpublish": can_unpublish(user, referral),
        "hand_over_file": can_hand_over(user, referral),
        "letter": can_make_letter(user, referral),
    }


def is_stopped_early(referral: Referral) -> bool:
    """It ended without an answer."""
    return referral.state in set(ENDED_STATES) - {S.CLOSED}
