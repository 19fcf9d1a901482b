"""Votes by show of hands: prepared, counted by two persons, counted again if needed, proclaimed."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.enums import MajorityRule
from assembly.text.french import format_time
from assembly.text.printable import check_text
from assembly.workflow import StateConflict, lock
from sessions.attendance.queries.presence import check_quorum, presence_at
from sessions.decisions import rules
from sessions.decisions.actions.decisions import share_open_minutes
from sessions.decisions.enums import BallotState
from sessions.decisions.rules import Count, impossible_count, missing_votes, outcome
from sessions.decisions.workflow import BALLOT
from sessions.models import AgendaItem, Ballot, Sitting
from sessions.sittings.rules import is_within


@transaction.atomic
def prepare(
    item: AgendaItem, *, question: str, by: User, majority_rule: str = "", is_advisory: bool = False
) -> Ballot:
    """Prepare a vote on one question of the agenda; the term's majority rule applies unless another is chosen."""
    share_open_minutes(item.sitting, "prepare", by=by)
    if not rules.takes_facts(item):
        raise StateConflict(item, "prepare")
    return write(item, question=question, by=by, majority_rule=majority_rule, is_advisory=is_advisory)


@transaction.atomic
def prepare_and_count(
    item: AgendaItem, votes: Count, *, question: str, by: User, is_advisory: bool = False, **facts: Any
) -> Ballot:
    """Put a question to the vote and record its count at once; a refused count creates no ballot."""
    return count(prepare(item, question=question, by=by, is_advisory=is_advisory), votes, by=by, **facts)


@transaction.atomic
def announce(item: AgendaItem, *, question: str, by: User) -> Ballot:
    """Prepare, before the sitting, the vote that an item of its agenda calls for."""
    if not rules.can_announce(by, item):
        raise PermissionDenied
    return write(item, question=question, by=by)


def write(item: AgendaItem, *, question: str, by: User, majority_rule: str = "", is_advisory: bool = False) -> Ballot:
    sitting = item.sitting
    ballot = Ballot.objects.create(
        agenda_item=item,
        question=check_text(question.strip()),
        majority_rule=MajorityRule(majority_rule or sitting.term.majority_rule),
        is_advisory=is_advisory,
    )
    record("ballot.prepared", ballot, by=by, dossier=sitting, rule=ballot.majority_rule)
    return ballot


@transaction.atomic
def count(
    ballot: Ballot,
    votes: Count,
    *,
    by: User,
    first_counter: str,
    second_counter: str,
    voted_at: datetime | None = None,
    gap_confirmed: bool = False,
    casting_vote_for: bool = False,
) -> Ballot:
    """Record a count or recount by two persons; refuse an impossible sum, ask to confirm a doubtful one."""
    step = BALLOT.require(ballot, "recount" if ballot.state == BallotState.COUNTED else "count", by=by)
    sitting = ballot.agenda_item.sitting
    first, second = _two_counters(first_counter, second_counter)
    moment = voted_at or timezone.now()
    check_hour(sitting, moment)
    presence = presence_at(sitting, moment, is_advisory=ballot.is_advisory)
    check_quorum(presence, _("Le vote attend."))
    _check_sum(votes, presence.present, gap_confirmed=gap_confirmed)
    casting = casting_vote_for and sitting.term.has_casting_vote
    vote_outcome = outcome(votes, ballot.majority_rule, members_in_office=presence.in_office, casting_vote_for=casting)
    facts: dict[str, Any] = {
        "votes": [votes.votes_for, votes.votes_against, votes.abstentions, votes.no_opinion],
        **presence.facts,
    }
    if ballot.is_counted:
        facts["votes_before"] = [ballot.votes_for, ballot.votes_against, ballot.abstentions, ballot.no_opinion]
    BALLOT.take(
        ballot,
        step,
        by=by,
        facts=facts,
        votes_for=votes.votes_for,
        votes_against=votes.votes_against,
        abstentions=votes.abstentions,
        no_opinion=votes.no_opinion,
        **presence.facts,
        present_invitees=presence.invitees,
        members_in_office=presence.in_office,
        result=vote_outcome.result,
        casting_vote_for=casting and vote_outcome.is_tie,
        counted_by=by,
        first_counter=first,
        second_counter=second,
        counted_at=moment,
    )
    return ballot


def check_hour(sitting: Sitting, moment: datetime) -> None:
    """Raise ValidationError for an hour at which the sitting was not open: a vote is taken while it lasts."""
    if sitting.opened_at is not None and not is_within(moment, sitting.opened_at, sitting.closed_at or timezone.now()):
        text = _("La séance a duré de %(start)s à %(end)s\u00a0: le vote n’a pas pu avoir lieu à %(hour)s.")
        if sitting.closed_at is None:
            text = _("La séance est ouverte depuis %(start)s\u00a0: le vote n’a pas pu avoir lieu à %(hour)s.")
        hours = {"start": sitting.opened_at, "end": sitting.closed_at, "hour": moment}
        raise ValidationError(text % {name: format_time(at) for name, at in hours.items()}, code="hour")


def _check_sum(votes: Count, present: int, *, gap_confirmed: bool) -> None:
    """Raise ValidationError where the sum of the votes cannot be true, or is doubtful and not confirmed."""
    if refused := impossible_count(votes, present):
        raise ValidationError(refused, code="impossible")
    if not gap_confirmed and (doubt := missing_votes(votes, present)):
        raise ValidationError(doubt, code="gap")


def _two_counters(first: str, second: str) -> tuple[str, str]:
    first, second = check_text(first.strip()), check_text(second.strip())
    if not first or not second:
        raise ValidationError(_("Dites qui a compté, et qui a compté avec elle ou lui."), code="counters")
    if first.casefold() == second.casefold():
        raise ValidationError(_("Deux personnes différentes comptent les voix."), code="counters")
    return first, second


@transaction.atomic
def end(ballot: Ballot, step_name: str, *, by: User) -> None:
    """Proclaim the result, or cancel a prepared vote.

    The sitting is locked first, because what follows locks an opinion or a referral, whose own actions on an agenda
    lock the sitting first too.
    """
    lock(ballot.agenda_item.sitting)
    BALLOT.transition(ballot, step_name, by=by)


@BALLOT.action("withdraw")
@transaction.atomic
def withdraw(ballot: Ballot, *, reason: str, by: User) -> None:
    """Withdraw a counted or proclaimed result, with a reason.

    The question is prepared again; the audit log records the figures.
    """
    lock(ballot.agenda_item.sitting)
    step = BALLOT.require(ballot, "withdraw", by=by)
    votes = [ballot.votes_for, ballot.votes_against, ballot.abstentions, ballot.no_opinion]
    facts = {"votes": votes, "present": ballot.present, "quorum": ballot.quorum, "result": ballot.result}
    BALLOT.take(ballot, step, by=by, reason=reason, facts=facts)
