"""Approval at the next sitting, then the visas of the chair and the secretary: persons say « I approve »."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.ui.words import date_words
from assembly.workflow import StateConflict
from sessions.actions import agenda, corrections
from sessions.actions.decisions import number_decision
from sessions.actions.locks import lock_minutes, share_sitting_minutes
from sessions.actions.minutes import move, needs_corrections_answered
from sessions.enums import AgendaKind, BallotResult, BallotState, MinutesVisaCapacity, Via
from sessions.models import AgendaItem, Ballot, Minutes, Sitting, Visa
from sessions.queries.agenda import shape_of
from sessions.queries.minutes import next_plenaries
from sessions.queries.minutes_facts import minutes_facts, text_fingerprint, title_of
from sessions.rules import agenda as order
from sessions.rules import ballots as ballot_rules
from sessions.rules import minutes as rules

SUBJECT = "sittings.Minutes"


@transaction.atomic
def submit_for_approval(minutes: Minutes, sitting: Sitting, *, by: User) -> AgendaItem:
    """Put the approval on the agenda of a sitting to come, and tell the authors of corrections what became of them."""
    if sitting not in next_plenaries(minutes.sitting):
        raise ValidationError(_("Choisissez une séance à venir de la même instance."), code="sitting")
    if not rules.holds_right(by, minutes, "submit_for_approval"):
        raise PermissionDenied
    lock_minutes(minutes, "submit_for_approval", lambda held: rules.can_take(by, held, "submit_for_approval"))
    needs_corrections_answered(minutes)
    item = agenda.add(
        sitting,
        by=by,
        title=_("Approbation\u00a0: %(title)s") % {"title": title_of(minutes)},
        kind=AgendaKind.MINUTES_APPROVAL,
        minutes=5,
        subject_type=SUBJECT,
        subject_id=str(minutes.pk),
    )
    _place_early(item, by=by)
    corrections.send_answers(minutes, by=by)
    move(minutes, "submit_for_approval", "minutes.submitted_for_approval", by=by, approval_item=item)
    return item


def _place_early(item: AgendaItem, *, by: User) -> None:
    """Minutes are approved at the start of the sitting: just after its opening."""
    lines = shape_of(item.sitting)
    others = [line for line in lines if line.pk != item.pk]
    first = AgendaItem.objects.filter(pk=others[0].pk).first() if others else None
    place = order.block(others, 0) if first and first.kind == AgendaKind.OPENING else 0
    agenda.write_order([*others[:place], order.OrderedLine(item.pk, 0), *others[place:]])


@transaction.atomic
def approve(minutes: Minutes, *, by: User, ballot: Ballot | None = None, remark: str = "") -> Minutes:
    """Note that the sitting approved the minutes: by a vote, or adopted without observation."""
    item = minutes.approval_item
    if not rules.holds_right(by, minutes, "approve"):
        raise PermissionDenied
    if item is None:
        raise StateConflict(minutes, "approve")
    sitting = item.sitting
    if not (sitting.is_running or sitting.is_held):
        raise ValidationError(_("La séance qui doit approuver n’est pas encore ouverte."), code="sitting")
    if ballot is not None:
        _check_vote(ballot, item)
    moment = timezone.now() if sitting.is_running else sitting.closed_at
    note = _("Approuvé par un vote") if ballot else _("Adopté sans observation")
    if remark.strip():
        note = f"{note}. {remark.strip()}"[:200]
    move(minutes, "approve", "minutes.approved", by=by, approved_at=moment, approval_note=note)
    _note_decision(minutes, item, ballot, by)
    return minutes


def _check_vote(ballot: Ballot, item: AgendaItem) -> None:
    if ballot.agenda_item_id != item.pk or ballot.state != BallotState.PROCLAIMED:
        raise ValidationError(_("Proclamez d’abord le résultat du vote sur l’approbation."), code="ballot")
    if ballot.result != BallotResult.ADOPTED:
        raise ValidationError(
            _("Le vote a rejeté le procès-verbal : le ou la responsable peut le rouvrir."), code="rejected"
        )


def _note_decision(minutes: Minutes, item: AgendaItem, ballot: Ballot | None, by: User) -> None:
    """The approving sitting decided it: its own minutes say so, while they can."""
    if not ballot_rules.is_open_for_facts(item.sitting, share_sitting_minutes(item.sitting)):
        return
    if ballot is not None and hasattr(ballot, "decision"):
        return
    day = date_words(minutes.sitting.starts_at, weekday=False)
    text = _("Le procès-verbal de la séance du %(day)s est approuvé.") % {"day": day}
    number_decision(item, text=text, by=by, ballot=ballot)


@transaction.atomic
def give_visa(minutes: Minutes, capacity: MinutesVisaCapacity, *, by: User) -> Visa:
    """Approve the final text as chair or as secretary, for oneself, after a fresh proof of identity."""
    if not rules.can_give_visa(by, minutes, capacity):
        raise PermissionDenied
    lock_minutes(minutes, "visa", lambda held: rules.can_give_visa(by, held, capacity))
    visa = _visa(minutes, capacity, via=Via.ACCOUNT)
    record("minutes.visa_given", minutes, by=by, dossier=minutes.sitting, capacity=capacity, text=visa.text_sha256)
    return visa


@transaction.atomic
def record_visa(minutes: Minutes, capacity: MinutesVisaCapacity, *, by: User) -> Visa:
    """Note the visa of somebody who signed on paper: it is shown as such."""
    if not rules.can_record_visa(by, minutes):
        raise PermissionDenied
    lock_minutes(minutes, "visa", lambda held: rules.can_record_visa(by, held))
    visa = _visa(minutes, capacity, via=Via.PAPER, recorded_by=by)
    record(
        "minutes.visa_recorded",
        minutes,
        by=by,
        on_behalf_of=visa.person,
        dossier=minutes.sitting,
        capacity=capacity,
        text=visa.text_sha256,
    )
    return visa


def _visa(minutes: Minutes, capacity: MinutesVisaCapacity, *, via: Via, recorded_by: User | None = None) -> Visa:
    sitting = minutes.sitting
    person = sitting.chair if capacity == MinutesVisaCapacity.CHAIR else sitting.secretary
    if person is None:
        raise ValidationError(_("Dites d’abord qui présidait et qui était secrétaire de séance."), code="functions")
    given = Visa.objects.filter(minutes=minutes, capacity=capacity, voided_at=None).first()
    if given is not None:
        return given
    return Visa.objects.create(
        minutes=minutes,
        person=person,
        capacity=capacity,
        given_at=timezone.now(),
        text_sha256=text_fingerprint(minutes_facts(minutes)),
        via=via,
        recorded_by=recorded_by,
    )
