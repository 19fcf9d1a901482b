"""State table of ballots; the README has the same. Their steps take a share lock on the minutes, if there are any."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_lead, is_team
from assembly.workflow import Permission, Step, Transition, Workflow
from sessions.attendance.queries.presence import corrected_presence, member_stays, presence_at
from sessions.decisions.rules import is_open_for_facts
from sessions.minutes.queries.minutes import minutes_of
from sessions.models import Ballot, BallotState as B, Minutes
from sessions.signals import ballot_cancelled, ballot_proclaimed

LEAD: Permission[Ballot] = Permission(
    lambda user, ballot: is_lead(user, ballot.agenda_item.sitting.term_id), _("responsable")
)
TEAM: Permission[Ballot] = Permission(
    lambda user, ballot: is_team(user, ballot.agenda_item.sitting.term_id), _("équipe")
)


def is_open(ballot: Ballot) -> bool:
    """Return whether the sitting was opened and its minutes are not circulated."""
    sitting = ballot.agenda_item.sitting
    return is_open_for_facts(sitting, minutes_of(sitting))


def check_presence_unchanged(ballot: Ballot) -> None:
    """Raise ValidationError if attendance was corrected since the count, which needs a recount."""
    if ballot.counted_at is None:
        return
    presence = presence_at(ballot.agenda_item.sitting, ballot.counted_at, is_advisory=ballot.is_advisory)
    if (presence.invitees, presence.needed) != (ballot.present_invitees, ballot.quorum):
        raise ValidationError(
            _("Les présences ou le quorum ont changé depuis le compte\u00a0: comptez de nouveau."), code="presence"
        )


def announce_result(ballot: Ballot, taken: Transition) -> None:
    """Send the signal of the result, except for an advisory vote, which decides nothing."""
    if not ballot.is_advisory:
        ballot_proclaimed.send(Ballot, ballot=ballot, by=taken.by)


def check_presence_corrected(ballot: Ballot) -> None:
    if not corrected_presence(ballot, member_stays(ballot.agenda_item.sitting)):
        raise ValidationError(
            _("Les présences sont celles du vote\u00a0: il n’y a rien à maintenir."), code="presence"
        )


def check_no_decision_follows(ballot: Ballot) -> None:
    """Raise ValidationError if a decision follows from the result; later apps add guards of their own."""
    decision = getattr(ballot, "decision", None)
    if decision is not None and decision.withdrawn_at is None:
        message = _("La décision %(reference)s suit ce vote\u00a0: retirez-la d’abord.")
        raise ValidationError(message % {"reference": decision.reference}, code="decision")
    approved = Minutes.objects.filter(approval_item=ballot.agenda_item_id, approved_at__isnull=False)
    if approved.exists():
        raise ValidationError(_("Un procès-verbal est approuvé sur ce point\u00a0: le vote reste."), code="minutes")


NOT_COUNTED: dict[str, Any] = {
    **dict.fromkeys(("votes_for", "votes_against", "abstentions", "no_opinion", "present", "present_invitees")),
    **dict.fromkeys(("quorum", "members_in_office", "counted_by", "counted_at", "proclaimed_at")),
    **dict.fromkeys(("upheld_at", "upheld_by")),
    **dict.fromkeys(("result", "first_counter", "second_counter", "upheld_reason"), ""),
    "casting_vote_for": False,
}

CANCEL: Step[Ballot] = Step(
    "cancel",
    {B.PREPARED},
    B.CANCELLED,
    TEAM,
    event_type="ballot.cancelled",
    history_text=_("a annulé un scrutin"),
    when=is_open,
    then=lambda ballot, taken: ballot_cancelled.send(Ballot, ballot=ballot, by=taken.by),
)
BALLOT: Workflow[Ballot] = Workflow(
    [
        Step("count", {B.PREPARED}, B.COUNTED, TEAM, history_text=_("a noté le compte d’un scrutin"), when=is_open),
        Step(
            "recount",
            {B.COUNTED},
            B.COUNTED,
            TEAM,
            history_text=_("a noté un nouveau compte du scrutin"),
            when=is_open,
        ),
        Step(
            "proclaim",
            {B.COUNTED},
            B.PROCLAIMED,
            TEAM,
            history_text=_("a proclamé le résultat d’un scrutin"),
            when=is_open,
            guards=(check_presence_unchanged,),
            changes=lambda ballot, taken: {"proclaimed_at": timezone.now()},
            then=announce_result,
        ),
        # After a correction of attendance the result stays as it was proclaimed, and the lead decides on it.
        Step(
            "uphold",
            {B.PROCLAIMED},
            by=LEAD,
            when=lambda ballot: ballot.upheld_at is None,
            guards=(check_presence_corrected,),
            event_type="ballot.upheld",
            history_text=_("a maintenu le résultat d’un scrutin après une correction des présences"),
            reason_column="upheld_reason",
            when_column="upheld_at",
            by_column="upheld_by",
            slug="maintenir",
            label=_("Maintenir le résultat"),
            success_message=_("Le résultat est maintenu."),
        ),
        Step(
            "withdraw",
            {B.COUNTED, B.PROCLAIMED},
            B.PREPARED,
            by=LEAD,
            when=is_open,
            guards=(check_no_decision_follows,),
            event_type="ballot.withdrawn",
            history_text=_("a retiré le résultat d’un scrutin"),
            needs_reason=True,
            changes=lambda ballot, taken: NOT_COUNTED,
            slug="retirer",
            label=_("Retirer le résultat"),
            success_message=_("Le résultat est retiré."),
            danger=True,
        ),
        CANCEL,
        # The item was taken off the agenda: its prepared vote is dropped in any state of the sitting.
        replace(CANCEL, name="drop", when=None),
    ],
    parent=lambda ballot: Minutes.objects.filter(sitting=ballot.agenda_item.sitting_id),
    dossier=lambda ballot: ballot.agenda_item.sitting,
    noun="ballot",
)
