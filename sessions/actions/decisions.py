"""Decisions, numbered once: a withdrawn one leaves a gap in the series of its sitting."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.ui.printable import check_text
from sessions.actions.locks import share_sitting_minutes
from sessions.enums import BallotState, DecisionMode
from sessions.models import AgendaItem, Ballot, Decision, Sitting
from sessions.rules import ballots as rules


@transaction.atomic
def decide(item: AgendaItem, *, text: str, by: User, ballot: Ballot | None = None) -> Decision:
    """Note a decision taken on an item, without objection or by a vote; its number is given for ever."""
    sitting = item.sitting
    if not (rules.takes_facts(item) and rules.can_record(by, sitting, share_sitting_minutes(sitting))):
        raise PermissionDenied
    return number_decision(item, text=text, by=by, ballot=ballot)


def number_decision(item: AgendaItem, *, text: str, by: User, ballot: Ballot | None = None) -> Decision:
    """Write the next decision of the sitting; the caller has checked the right and opened the transaction."""
    if ballot is not None:
        _check_ballot(ballot, item)
    sitting = Sitting.objects.select_for_update(no_key=True).only("pk", "reference", "term").get(pk=item.sitting_id)
    last = Decision.objects.filter(sitting=sitting).aggregate(last=Max("number"))["last"] or 0
    decision = Decision.objects.create(
        sitting=sitting,
        agenda_item=item,
        number=last + 1,
        reference=f"{sitting.reference}-D{last + 1}",
        text=check_text(text.strip()),
        mode=DecisionMode.BALLOT if ballot else DecisionMode.CONSENT,
        ballot=ballot,
    )
    record("decision.recorded", decision, by=by, dossier=sitting, reference=decision.reference, mode=decision.mode)
    return decision


def _check_ballot(ballot: Ballot, item: AgendaItem) -> None:
    if ballot.agenda_item_id != item.pk or ballot.state == BallotState.CANCELLED:
        raise ValidationError(_("Ce scrutin ne porte pas sur ce point."), code="ballot")
    if Decision.objects.filter(ballot=ballot).exists():
        raise ValidationError(_("Ce scrutin a déjà sa décision."), code="ballot")


@transaction.atomic
def change(decision: Decision, *, text: str, by: User) -> Decision:
    """Correct the wording of a decision while the minutes are being written."""
    if not rules.can_change_decision(by, decision, share_sitting_minutes(decision.sitting)):
        raise PermissionDenied
    former, decision.text = decision.text, check_text(text.strip())
    decision.save(update_fields=["text"])
    record("decision.changed", decision, by=by, dossier=decision.sitting, detail=former)
    return decision


@transaction.atomic
def withdraw(decision: Decision, *, reason: str, by: User) -> Decision:
    """Withdraw a decision noted by mistake; its number is never given again."""
    if not rules.can_change_decision(by, decision, share_sitting_minutes(decision.sitting)):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi cette décision est retirée."), code="reason")
    now = timezone.now()
    if not Decision.objects.filter(pk=decision.pk, withdrawn_at=None).update(withdrawn_at=now):
        raise PermissionDenied
    decision.withdrawn_at = now
    record("decision.withdrawn", decision, by=by, dossier=decision.sitting, detail=reason.strip())
    return decision
