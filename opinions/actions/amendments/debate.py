"""Decisions in the sitting: an amendment is voted by hand count or adopted without opposition, and others may fall."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.identity.models import User
from opinions.actions.amendments.falls import fall_with_adopted, fall_with_parent, write_amended_version
from opinions.amending.description import ballot_question, format_alineas
from opinions.amending.enums import AmendmentDecisionMode
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment
from sessions.attendance.queries.presence import check_item_quorum
from sessions.decisions.actions import ballots
from sessions.decisions.enums import BallotResult
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.models import AgendaItem, Ballot


@AMENDMENT.action("adopt")
@transaction.atomic
def vote(amendment: Amendment, votes: Count, *, by: User, **facts: Any) -> Ballot:
    """Record the votes that two persons counted; the majority rule of the term decides. `facts` as for any ballot."""
    AMENDMENT.require(amendment, "adopt", by=by)
    item = item_of(amendment)
    question = ballot_question(
        amendment.number or 0, format_alineas(amendment.change), is_sub=amendment.parent is not None
    )
    ballot = ballots.prepare(item, question=question, by=by)
    ballots.count(ballot, votes, by=by, **facts)
    step_name = "adopt" if ballot.result == BallotResult.ADOPTED else "reject"
    decide(amendment, step_name, by=by, decision_mode=AmendmentDecisionMode.BALLOT, ballot=ballot)
    # The ballot is proclaimed last, so that receivers of the proclamation already find its amendment linked to it.
    BALLOT.transition(ballot, "proclaim", by=by)
    return ballot


def item_of(amendment: Amendment) -> AgendaItem:
    """Return the item under which the amendment is decided; raise ValidationError (code `item`) without one."""
    item = amendment.opinion.agenda_item
    if item is None:
        raise ValidationError(_("L’avis n’est à l’ordre du jour d’aucune séance."), code="item")
    return item


@transaction.atomic
def consent(amendment: Amendment, *, by: User) -> None:
    """Adopt without a vote when nobody objects to the chair's question; the quorum must be there."""
    AMENDMENT.require(amendment, "adopt", by=by)
    room = check_item_quorum(item_of(amendment))
    decide(amendment, "adopt", by=by, decision_mode=AmendmentDecisionMode.CONSENT, **room.facts)


def decide(amendment: Amendment, step_name: str, *, by: User, **changes: Any) -> None:
    """Adopt or reject, and apply at once what follows: the amendments that fall and the next text."""
    AMENDMENT.follow(amendment, step_name, by=by, **changes)
    if step_name == "adopt":
        fall_with_adopted(amendment, by=by)
        write_amended_version(amendment.opinion, by=by)
    else:
        fall_with_parent(amendment, by=by)


@AMENDMENT.action("correct")
@transaction.atomic
def correct(amendment: Amendment, *, reason: str, by: User) -> None:
    """Send a wrong result back to the debate; the vote stays in the minutes, and only the lead restores what fell."""
    AMENDMENT.transition(amendment, "correct", by=by, reason=reason)
    write_amended_version(amendment.opinion, by=by)


@AMENDMENT.action("fall")
@transaction.atomic
def fall(amendment: Amendment, *, reason: str, by: User) -> None:
    """Mark the amendment as without object, for a reason that only a person can see."""
    AMENDMENT.transition(amendment, "fall", by=by, reason=reason)
    fall_with_parent(amendment, by=by)
