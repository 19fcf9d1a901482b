"""State table of ballots: the README carries the same. Steps share the minutes of the sitting, once they are begun."""

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_team
from assembly.workflow import Step, Who, Workflow
from sessions.enums import BallotState as B
from sessions.models import Ballot, Minutes
from sessions.queries.minutes import minutes_of
from sessions.rules.ballots import is_open_for_facts
from sessions.signals import ballot_cancelled, ballot_proclaimed

TEAM: Who[Ballot] = Who(lambda user, ballot: is_team(user, ballot.agenda_item.sitting.term_id), _("équipe"))


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
        # The question left the agenda: the vote that it carried is dropped, whatever became of the sitting.
        replace(CANCEL, verb="drop", when=None),
    ],
    parent=lambda ballot: Minutes.objects.filter(sitting=ballot.agenda_item.sitting_id),
    dossier=lambda ballot: ballot.agenda_item.sitting,
)
