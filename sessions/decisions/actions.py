"""Actions on votes by show of hands, decisions, and the tasks that a sitting decides.

A vote is prepared, counted by two persons, counted again if needed, proclaimed. Decisions are numbered once: a
withdrawn one leaves a gap in the series of its sitting. A task is what somebody must do by a day, until it is done
or dropped.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.models import MajorityRule
from assembly.institution.rules import is_team
from assembly.tasks import actions as tasks
from assembly.tasks.models import Task
from assembly.text.french import format_time
from assembly.text.printable import check_text
from assembly.workflow import StateConflict, lock, share
from sessions.attendance.queries.presence import check_item_quorum, check_quorum, presence_at
from sessions.decisions import rules
from sessions.decisions.queries import page_of_sitting
from sessions.decisions.rules import Count, impossible_count, missing_votes, outcome
from sessions.decisions.workflow import BALLOT
from sessions.models import ActionItem, AgendaItem, Ballot, BallotState, Decision, DecisionMode, Minutes, Sitting
from sessions.sittings.rules import is_within


def share_open_minutes(sitting: Sitting, step_name: str, *, by: User) -> None:
    """Check that the team may record facts of the sitting, and lock its minutes until the commit.

    Takes a share lock on the minutes, if there are any. Raises PermissionDenied for people outside the team,
    StateConflict before the sitting is opened and once the minutes were circulated.
    """
    if not is_team(by, sitting.term_id):
        raise PermissionDenied
    if not rules.is_open_for_facts(sitting, share(Minutes.objects.filter(sitting=sitting))):
        raise StateConflict(sitting, step_name)


@transaction.atomic
def decide(item: AgendaItem, *, text: str, by: User, ballot: Ballot | None = None) -> Decision:
    """Record a decision on an item, without objection or by a vote; its number never changes."""
    lock(item.sitting)
    share_open_minutes(item.sitting, "decide", by=by)
    if not rules.takes_facts(item):
        raise StateConflict(item, "decide")
    return number_decision(item, text=text, by=by, ballot=ballot)


def number_decision(item: AgendaItem, *, text: str, by: User, ballot: Ballot | None = None) -> Decision:
    """Write the next decision of the sitting; the caller has checked the right and locked the sitting."""
    presence: dict[str, Any] = {}
    if ballot is not None:
        _check_ballot(ballot, item)
    else:
        presence = check_item_quorum(item).facts
    sitting = item.sitting
    last = Decision.objects.filter(sitting=sitting).aggregate(last=Max("number"))["last"] or 0
    decision = Decision.objects.create(
        sitting=sitting,
        agenda_item=item,
        number=last + 1,
        reference=f"{sitting.reference}-D{last + 1}",
        text=check_text(text.strip()),
        mode=DecisionMode.BALLOT if ballot else DecisionMode.CONSENT,
        ballot=ballot,
        **presence,
    )
    record("decision.recorded", decision, by=by, dossier=sitting, reference=decision.reference, mode=decision.mode)
    return decision


def _check_ballot(ballot: Ballot, item: AgendaItem) -> None:
    if ballot.agenda_item_id != item.pk or ballot.state == BallotState.CANCELLED:
        raise ValidationError(_("Ce scrutin ne porte pas sur ce point."), code="ballot")
    if not ballot.is_counted:
        raise ValidationError(_("Comptez d’abord ce scrutin."), code="ballot")
    if ballot.is_advisory:
        raise ValidationError(_("Un vote indicatif ne décide rien."), code="ballot")
    if Decision.objects.filter(ballot=ballot).exists():
        raise ValidationError(_("Ce scrutin a déjà sa décision."), code="ballot")


@transaction.atomic
def change_decision(decision: Decision, *, text: str, by: User) -> Decision:
    """Correct the wording of a decision while the minutes are being written."""
    share_open_minutes(decision.sitting, "change", by=by)
    if not Decision.objects.filter(pk=decision.pk, withdrawn_at=None).exists():
        raise StateConflict(decision, "change")
    former, decision.text = decision.text, check_text(text.strip())
    decision.save(update_fields=["text"])
    record("decision.changed", decision, by=by, dossier=decision.sitting, detail=former)
    return decision


@transaction.atomic
def withdraw_decision(decision: Decision, *, reason: str, by: User) -> Decision:
    """Withdraw a decision recorded by mistake; its number is never used again."""
    share_open_minutes(decision.sitting, "withdraw", by=by)
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi cette décision est retirée."), code="reason")
    now = timezone.now()
    if not Decision.objects.filter(pk=decision.pk, withdrawn_at=None).update(withdrawn_at=now):
        raise StateConflict(decision, "withdraw")
    decision.withdrawn_at = now
    record("decision.withdrawn", decision, by=by, dossier=decision.sitting, detail=reason.strip())
    return decision


@transaction.atomic
def prepare_ballot(
    item: AgendaItem, *, question: str, by: User, majority_rule: str = "", is_advisory: bool = False
) -> Ballot:
    """Prepare a vote on one question of the agenda; the term's majority rule applies unless another is chosen."""
    share_open_minutes(item.sitting, "prepare", by=by)
    if not rules.takes_facts(item):
        raise StateConflict(item, "prepare")
    return write_ballot(item, question=question, by=by, majority_rule=majority_rule, is_advisory=is_advisory)


@transaction.atomic
def prepare_and_count_ballot(
    item: AgendaItem, votes: Count, *, question: str, by: User, is_advisory: bool = False, **facts: Any
) -> Ballot:
    """Put a question to the vote and record its count at once; a refused count creates no ballot."""
    return count_ballot(prepare_ballot(item, question=question, by=by, is_advisory=is_advisory), votes, by=by, **facts)


@transaction.atomic
def announce_ballot(item: AgendaItem, *, question: str, by: User) -> Ballot:
    """Prepare, before the sitting, the vote that an item of its agenda calls for."""
    if not rules.can_announce(by, item):
        raise PermissionDenied
    return write_ballot(item, question=question, by=by)


def write_ballot(
    item: AgendaItem, *, question: str, by: User, majority_rule: str = "", is_advisory: bool = False
) -> Ballot:
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
def count_ballot(
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
def end_ballot(ballot: Ballot, step_name: str, *, by: User) -> None:
    """Proclaim the result, or cancel a prepared vote.

    The sitting is locked first, because what follows locks an opinion or a referral, whose own actions on an agenda
    lock the sitting first too.
    """
    lock(ballot.agenda_item.sitting)
    BALLOT.transition(ballot, step_name, by=by)


@BALLOT.action("withdraw")
@transaction.atomic
def withdraw_ballot(ballot: Ballot, *, reason: str, by: User) -> None:
    """Withdraw a counted or proclaimed result, with a reason.

    The question is prepared again; the audit log records the figures.
    """
    lock(ballot.agenda_item.sitting)
    step = BALLOT.require(ballot, "withdraw", by=by)
    votes = [ballot.votes_for, ballot.votes_against, ballot.abstentions, ballot.no_opinion]
    facts = {"votes": votes, "present": ballot.present, "quorum": ballot.quorum, "result": ballot.result}
    BALLOT.take(ballot, step, by=by, reason=reason, facts=facts)


@transaction.atomic
def add_action(
    sitting: Sitting,
    *,
    text: str,
    by: User,
    item: AgendaItem | None = None,
    owner: Person | None = None,
    owner_text: str = "",
    due_on: date | None = None,
) -> Task:
    """Record a task that the sitting decides; it comes back in the next agenda until it is closed."""
    share_open_minutes(sitting, "act", by=by)
    page = page_of_sitting(sitting)
    task = tasks.decide_task(sitting.term_id, text, page, owner=owner, owner_text=owner_text, due_on=due_on, by=by)
    ActionItem.objects.create(sitting=sitting, agenda_item=item, task=task)
    record("action.recorded", task, by=by, dossier=sitting, due_on=due_on)
    return task
