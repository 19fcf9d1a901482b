"""Who may do what with a referral. The team prepares and records, the president's office issues, the lead closes."""

from typing import Any

from assembly.dossiers.pages import ReaderPages
from assembly.institution.models import TEAM_ROLES, Role, Term, TermState
from assembly.institution.rules import has_role, is_facilitator, is_member, is_team
from consultations.models import Referral, ReferralState
from consultations.referrals.models import CALENDAR, FRAME, TEXT

S = ReferralState
OFFICE = Role.PRESIDENT


def can_see_desk(user: Any, term: Term | int) -> bool:
    """Return whether the user sees the list and dossiers of the back office; other roles have their own pages."""
    return is_team(user, term) or is_facilitator(user, term)


def can_create(user: Any, term: Term) -> bool:
    """Return whether the user may prepare a referral of the president, in a term that goes on."""
    return is_team(user, term) and term.state not in TermState.tagged("ended")


def editable_fields(referral: Referral) -> frozenset[str]:
    """Return the fields that may still be written; the member's own text (title, why, powers) stays unchanged."""
    if referral.is_ended or referral.state == S.SUGGESTED:
        return frozenset()
    if referral.is_self_referral:
        return FRAME
    return TEXT if referral.state in S.tagged("unissued") else frozenset(CALENDAR)


def can_edit(user: Any, referral: Referral) -> bool:
    return is_team(user, referral.term_id) and bool(editable_fields(referral))


def can_name_directorates(user: Any, referral: Referral) -> bool:
    """Return whether the form may name directorates: until the letter is out; then each request names one."""
    return can_edit(user, referral) and (referral.is_self_referral or referral.state in S.tagged("unissued"))


def can_follow(user: Any, referral: Referral) -> bool:
    """Return whether the user may do what the team does around a referral that runs."""
    return is_team(user, referral.term_id) and not referral.is_ended


def can_assign(user: Any, referral: Referral) -> bool:
    """Return whether the user may assign it to committees, as soon as it is more than a sketch."""
    return can_follow(user, referral) and referral.state not in S.tagged("sketch")


def accepts_briefing(referral: Referral) -> bool:
    """Return whether its pack and its hearings may still be prepared."""
    return not referral.is_ended and referral.state != S.SUGGESTED


def can_brief(user: Any, referral: Referral) -> bool:
    return is_team(user, referral.term_id) and accepts_briefing(referral)


def can_make_letter(user: Any, referral: Referral) -> bool:
    """Return whether the user may have the letter: of the president's referrals, from the internal review on."""
    readers = TEAM_ROLES | {OFFICE}
    return (
        not referral.is_self_referral and referral.state != S.DRAFT and has_role(user, readers, term=referral.term_id)
    )


def can_read_in_office(user: Any, referral: Referral) -> bool:
    """Return whether the user reads it in the area of the president's office and the elected sponsor."""
    return has_role(user, {OFFICE, Role.SPONSOR}, term=referral.term_id)


REFERRAL_PAGES = ReaderPages(
    (lambda user, referral: can_see_desk(user, referral.term_id), "consultations:referral"),
    (can_read_in_office, "consultations:office-referral"),
    (lambda user, referral: is_member(user, referral.term_id), "consultations:my-referral"),
)


def abilities(user: Any, referral: Referral) -> dict[str, bool]:
    """Return what pages may offer to this reader besides the steps of the workflow."""
    return {
        "edit": can_edit(user, referral),
        "thread": can_follow(user, referral) and referral.state not in S.tagged("sketch"),
        "brief": can_brief(user, referral),
        "hear": can_brief(user, referral),
        "assign": can_assign(user, referral),
        "letter": can_make_letter(user, referral),
    }


def is_stopped_early(referral: Referral) -> bool:
    """Return whether it ended without an answer."""
    return referral.is_ended and referral.state != S.CLOSED
