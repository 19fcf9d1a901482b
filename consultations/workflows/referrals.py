"""State table of referrals: the README carries the same."""

from typing import Any

from assembly.workflow import Workflow
from consultations.enums import ReferralOrigin, ReferralState
from consultations.models import Referral

S = ReferralState

WORK = [
    ("start", {S.ACCEPTED, S.ADOPTED}, S.IN_PROGRESS),
    ("adopt_opinion", {S.IN_PROGRESS}, S.OPINION_ADOPTED),
    ("hand_over", {S.OPINION_ADOPTED}, S.HANDED_OVER),
    ("answer", {S.HANDED_OVER}, S.ANSWERED),
    ("close", {S.ANSWERED}, S.CLOSED),
    ("reopen", {S.CLOSED}, S.ANSWERED),
]

PRESIDENT_STOPPABLE = {S.DRAFT, S.INTERNAL_REVIEW, S.ISSUED, S.ACCEPTED, S.IN_PROGRESS}

OWN_STOPPABLE = {S.SUGGESTED, S.SHORTLISTED, S.ADMISSIBILITY_CHECK, S.COUNCIL_VIEW_GIVEN, S.ADOPTED, S.IN_PROGRESS}

PRESIDENT: Workflow[Referral] = Workflow(
    [
        ("submit", {S.DRAFT}, S.INTERNAL_REVIEW),
        ("return", {S.INTERNAL_REVIEW}, S.DRAFT),
        ("issue", {S.INTERNAL_REVIEW}, S.ISSUED),
        ("accept", {S.ISSUED}, S.ACCEPTED),
        *WORK,
        ("withdraw", PRESIDENT_STOPPABLE, S.WITHDRAWN),
        ("merge", PRESIDENT_STOPPABLE, S.MERGED),
    ]
)

OWN: Workflow[Referral] = Workflow(
    [
        ("shortlist", {S.SUGGESTED}, S.SHORTLISTED),
        ("unlist", {S.SHORTLISTED}, S.SUGGESTED),
        ("check", {S.SHORTLISTED}, S.ADMISSIBILITY_CHECK),
        ("declare_inadmissible", {S.ADMISSIBILITY_CHECK}, S.INADMISSIBLE),
        ("check_again", {S.INADMISSIBLE}, S.ADMISSIBILITY_CHECK),
        ("record_view", {S.ADMISSIBILITY_CHECK}, S.COUNCIL_VIEW_GIVEN),
        ("put_to_vote", {S.COUNCIL_VIEW_GIVEN}, S.PUT_TO_VOTE),
        ("take_off_agenda", {S.PUT_TO_VOTE}, S.COUNCIL_VIEW_GIVEN),
        ("adopt", {S.PUT_TO_VOTE}, S.ADOPTED),
        ("reject", {S.PUT_TO_VOTE}, S.REJECTED),
        *WORK,
        ("withdraw", OWN_STOPPABLE, S.WITHDRAWN),
        ("merge", OWN_STOPPABLE, S.MERGED),
    ]
)


def machine(referral: Any) -> Workflow:
    """The table of steps of this referral's origin."""
    return OWN if referral.origin == ReferralOrigin.OWN else PRESIDENT
