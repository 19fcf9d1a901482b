"""Decisions, numbered once: a withdrawn one leaves a gap in the series of its sitting."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.text.printable import check_text
from assembly.workflow import StateConflict, lock, share
from sessions.attendance.queries.presence import check_item_quorum
from sessions.decisions import rules
from sessions.decisions.enums import BallotState, DecisionMode
from sessions.models import AgendaItem, Ballot, Decision, Minutes, Sitting


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
def change(decision: Decision, *, text: str, by: User) -> Decision:
    """Correct the wording of a decision while the minutes are being written."""
    share_open_minutes(decision.sitting, "change", by=by)
    if not Decision.objects.filter(pk=decision.pk, withdrawn_at=None).exists():
        raise StateConflict(decision, "change")
    former, decision.text = decision.text, check_text(text.strip())
    decision.save(update_fields=["text"])
    record("decision.changed", decision, by=by, dossier=decision.sitting, detail=former)
    return decision


@transaction.atomic
def withdraw(decision: Decision, *, reason: str, by: User) -> Decision:
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
