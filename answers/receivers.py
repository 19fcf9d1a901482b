"""Receivers of the signals of lower apps; each is one call to an action."""

from typing import Any

from django.dispatch import receiver

from answers.cases.actions import cases
from answers.follow_up import actions as follow_up
from answers.voice import actions as voice
from assembly.institution.signals import directorate_closed
from assembly.notifications.signals import delivery_came_back
from consultations.referrals.workflow.by_origin import REFERRAL
from opinions.adoption.signals import handover_corrected, handover_taken_back, opinion_handed_over
from opinions.opinions.workflow import OPINION

OPINION.add_guard("take_handover_back", cases.check_nothing_answered)
REFERRAL.add_guard("answer", cases.check_not_written_here)


@receiver(opinion_handed_over)
def open_cases(sender: Any, *, opinion: Any, on: Any, by: Any, **_: Any) -> None:
    """Open the answer cases: an answer is owed from that day on."""
    cases.open_answers(opinion, on=on, by=by)


@receiver(handover_corrected)
def redate_cases(sender: Any, *, opinion: Any, on: Any, by: Any, **_: Any) -> None:
    """Move the start of the clocks to the corrected day."""
    cases.redate_cases(opinion, on=on, by=by)


@receiver(handover_taken_back)
def close_cases(sender: Any, *, opinion: Any, by: Any, **_: Any) -> None:
    """Cancel the answer cases: nothing is owed."""
    cases.close_cases(opinion, by=by)


@receiver(delivery_came_back)
def leave_follower_alone(sender: Any, *, delivery: Any, **_: Any) -> None:
    """Stop writing to an address that does not work."""
    voice.stop_after_bounce(delivery)


@receiver(directorate_closed)
def pass_to_successor(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Pass the answers of a closed directorate to its successor."""
    cases.pass_cases_to_successor(directorate, by=by)


@receiver(directorate_closed)
def pass_follow_ups_to_successor(sender: Any, *, directorate: Any, by: Any, **_: Any) -> None:
    """Pass the follow-ups of a closed directorate to its successor."""
    follow_up.pass_follow_ups_to_successor(directorate, by=by)
