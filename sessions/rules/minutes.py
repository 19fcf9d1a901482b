"""Who may do what with minutes: the team writes, the lead validates and reopens, those who attended correct."""

from datetime import datetime
from typing import Any

from assembly.institution.enums import Role
from assembly.institution.rules import has_role, is_facilitator, is_lead, is_team
from assembly.workflow import Workflow
from sessions.enums import CorrectionState, MinutesState, MinutesVisaCapacity
from sessions.models import Correction, Minutes, Sitting
from sessions.workflows.minutes import CORRECTION, FORMAL, REPORT

LEAD_ONLY = frozenset({"validate", "reopen", "rectify"})
PAGE_ABILITIES = (
    "submit",
    "return",
    "validate",
    "circulate",
    "end_corrections",
    "submit_for_approval",
    "approve",
    "publish",
    "archive",
    "reopen",
    "rectify",
)


def machine(minutes: Minutes) -> Workflow:
    """The table of steps of these minutes: a report has fewer."""
    return FORMAL if minutes.is_formal else REPORT


def can_start(user: Any, sitting: Sitting) -> bool:
    """From the opening on: notes are often taken while people speak."""
    return is_team(user, sitting.term_id) and (sitting.is_running or sitting.is_held)


def can_see_desk(user: Any, minutes: Minutes) -> bool:
    """The pages of the bureau; other readers have theirs in their own room."""
    return is_team(user, minutes.sitting.term_id) or is_facilitator(user, minutes.sitting.term_id)


def can_write(user: Any, minutes: Minutes) -> bool:
    """Write summaries: until the text goes out to those who attended."""
    return is_team(user, minutes.sitting.term_id) and minutes.is_being_written


def holds_right(user: Any, minutes: Minutes, verb: str) -> bool:
    """Whose step it is, whatever the state: validating, reopening and rectifying belong to the lead."""
    allowed = is_lead if verb in LEAD_ONLY else is_team
    return allowed(user, minutes.sitting.term_id)


def can_take(user: Any, minutes: Minutes, verb: str) -> bool:
    """A step of the workflow, from the present state."""
    return holds_right(user, minutes, verb) and verb in machine(minutes).verbs_from(minutes.state)


def can_seal(user: Any, minutes: Minutes) -> bool:
    """Approved formal minutes, or a circulated report, that no current seal covers."""
    ready = MinutesState.APPROVED if minutes.is_formal else MinutesState.CIRCULATED
    return is_team(user, minutes.sitting.term_id) and minutes.state == ready and not minutes.is_sealed


def can_distribute(user: Any, minutes: Minutes) -> bool:
    return is_team(user, minutes.sitting.term_id) and minutes.is_sealed


def can_make_record(user: Any, minutes: Minutes) -> bool:
    """The one-page list of decisions goes out as soon as the text is no longer being written."""
    return is_team(user, minutes.sitting.term_id) and minutes.is_shared


def takes_corrections(minutes: Minutes, now: datetime) -> bool:
    """While circulated, until the last moment that was announced."""
    return (
        minutes.state == MinutesState.CIRCULATED
        and not minutes.is_sealed
        and minutes.corrections_until is not None
        and now <= minutes.corrections_until
    )


def can_ask_correction(user: Any, minutes: Minutes, *, attended: bool, now: datetime) -> bool:
    """Somebody who was there, in time."""
    return bool(user.is_authenticated) and attended and takes_corrections(minutes, now)


def can_record_correction(user: Any, minutes: Minutes) -> bool:
    """A letter posted in time may be read a few days later: the team notes it until the text is submitted."""
    return is_team(user, minutes.sitting.term_id) and (
        minutes.state in (MinutesState.CIRCULATED, MinutesState.CORRECTIONS) and not minutes.is_sealed
    )


def can_answer(user: Any, correction: Correction, verb: str) -> bool:
    """Accept or refuse, as long as the text may still change."""
    minutes = correction.minutes
    open_text = minutes.state in (MinutesState.CIRCULATED, MinutesState.CORRECTIONS) and not minutes.is_sealed
    return is_team(user, minutes.sitting.term_id) and open_text and verb in CORRECTION.verbs_from(correction.state)


def can_write_to_authors(user: Any, minutes: Minutes) -> bool:
    """Tell the authors of corrections what became of their requests."""
    return is_team(user, minutes.sitting.term_id) and minutes.is_shared


def can_give_visa(user: Any, minutes: Minutes, capacity: str) -> bool:
    """The chair and the secretary, each for themselves, once the text is approved; never once they left the house."""
    holder = minutes.sitting.chair_id if capacity == MinutesVisaCapacity.CHAIR else minutes.sitting.secretary_id
    return (
        bool(user.is_authenticated)
        and holder is not None
        and holder == user.person_id
        and minutes.is_formal
        and minutes.state == MinutesState.APPROVED
        and has_role(user, Role, assembly=minutes.sitting.term.assembly_id)
    )


def awaits_visa(user: Any, minutes: Minutes, capacity: str) -> bool:
    """Whether the pages ask this person for this visa: once it is given, no more."""
    if not can_give_visa(user, minutes, capacity):
        return False
    return not minutes.visas.filter(capacity=capacity, voided_at=None).exists()


def can_record_visa(user: Any, minutes: Minutes) -> bool:
    """The team notes a visa given on paper, and keeps the paper."""
    return is_team(user, minutes.sitting.term_id) and minutes.is_formal and minutes.state == MinutesState.APPROVED


def abilities(user: Any, minutes: Minutes, now: datetime) -> dict[str, bool]:
    """What the pages of these minutes may offer to this reader."""
    return {verb: can_take(user, minutes, verb) for verb in PAGE_ABILITIES} | {
        "write": can_write(user, minutes),
        "seal": can_seal(user, minutes),
        "distribute": can_distribute(user, minutes),
        "record": can_make_record(user, minutes),
        "record_correction": can_record_correction(user, minutes),
        "record_visa": can_record_visa(user, minutes),
        "chair_visa": awaits_visa(user, minutes, MinutesVisaCapacity.CHAIR),
        "secretary_visa": awaits_visa(user, minutes, MinutesVisaCapacity.SECRETARY),
        "corrections_open": takes_corrections(minutes, now),
    }


def waits(correction: Correction) -> bool:
    return correction.state == CorrectionState.ASKED
