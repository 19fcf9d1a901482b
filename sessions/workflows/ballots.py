"""State table of ballots: the README carries the same. Steps share the minutes of the sitting, once they are begun."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_lead, is_team
from assembly.workflow import Step, Transition, Who, Workflow, must_hold
from sessions.enums import BallotState as B
from sessions.models import Ballot, Decision, Minutes
from sessions.queries.minutes import minutes_of
from sessions.rules.ballots import is_open_for_facts
from sessions.signals import ballot_cancelled, ballot_proclaimed

TEAM: Who[Ballot] = Who(lambda user, ballot: is_team(user, ballot.agenda_item.sitting.term_id), _("équipe"))
LEAD: Who[Ballot] = Who(lambda user, ballot: is_lead(user, ballot.agenda_item.sitting.term_id), _("responsable"))

needs_no_decision = must_hold(
    lambda ballot: not Decision.objects.filter(ballot=ballot, withdrawn_at=None).exists(),
    _("Ce vote a sa décision numérotée\u00a0: retirez d’abord la décision, avec son motif."),
    code="decision",
)


def without_count(ballot: Ballot, taken: Transition) -> dict[str, Any]:
    """A vote that was withdrawn counts nothing: the journal keeps what was counted."""
    empty = ("votes_for", "votes_against", "abstentions", "no_opinion", "present", "counted_at", "proclaimed_at")
    return {**dict.fromkeys(empty), "result": "", "casting_vote_for": False}


def is_open(ballot: Ballot) -> bool:
    """The sitting was opened, and its minutes have not gone out."""
    sitting = ballot.agenda_item.sitting
    return is_open_for_facts(sitting, minutes_of(sitting))


CANCEL: Step[Ballot] = Step(
    "cancel",
    {B.PREPARED},
    B.CANCELLED,
    TEAM,
    "ballot.cancelled",
    _("a annulé un scrutin"),
    when=is_open,
    then=lambda ballot, taken: ballot_cancelled.send(Ballot, ballot=ballot, by=taken.by),
)
BALLOT: Workflow[Ballot] = Workflow(
    [
        Step(
            "count", {B.PREPARED}, B.COUNTED, TEAM, "ballot.counted", _("a noté le compte d’un scrutin"), when=is_open
        ),
        Step(
            "recount",
            {B.COUNTED},
            B.COUNTED,
            TEAM,
            "ballot.recounted",
            _("a noté un nouveau compte du scrutin"),
            when=is_open,
        ),
        Step(
            "proclaim",
            {B.COUNTED},
            B.PROCLAIMED,
            TEAM,
            "ballot.proclaimed",
            _("a proclamé le résultat d’un scrutin"),
            when=is_open,
            changes=lambda ballot, taken: {"proclaimed_at": timezone.now()},
            then=lambda ballot, taken: ballot_proclaimed.send(Ballot, ballot=ballot, by=taken.by),
        ),
        CANCEL,
        # What was proclaimed by mistake is taken back by the lead, as long as nothing above it followed.
        Step(
            "withdraw",
            {B.COUNTED, B.PROCLAIMED},
            B.CANCELLED,
            LEAD,
            "ballot.withdrawn",
            _("a retiré un scrutin compté"),
            guards=(needs_no_decision,),
            when=is_open,
            needs_reason=True,
            changes=without_count,
            then=lambda ballot, taken: ballot_cancelled.send(Ballot, ballot=ballot, by=taken.by),
        ),
        # The question left the agenda: the vote that it carried is dropped, whatever became of the sitting.
        replace(CANCEL, verb="drop", when=None),
    ],
    parent=lambda ballot: Minutes.objects.filter(sitting=ballot.agenda_item.sitting_id),
    dossier=lambda ballot: ballot.agenda_item.sitting,
)
