"""Who changes a hearing and writes its report. Pure."""

from typing import Any

from assembly.institution.rules import is_team
from consultations.hearings.models import HearingState
from consultations.models import Hearing
from consultations.referrals.rules import can_brief


def can_change_hearing(user: Any, hearing: Hearing) -> bool:
    """Return whether the team may change it while the referral runs; one called off is planned again first."""
    return can_brief(user, hearing.referral) and hearing.state != HearingState.CANCELLED


def can_write_report(user: Any, hearing: Hearing) -> bool:
    """Return whether the user may write the report: once it was held, also late, when the referral has ended."""
    return is_team(user, hearing.referral.term_id) and hearing.state == HearingState.HELD
