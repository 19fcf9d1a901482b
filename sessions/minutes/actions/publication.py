"""Approval of the minutes at the next sitting, then the visas (« I approve ») of the chair and the secretary."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.identity.models import Person, User
from assembly.text.french import format_date
from assembly.workflow import StateConflict, lock, share
from sessions.agenda import actions as agenda
from sessions.agenda import rules as order
from sessions.agenda.queries import shape_of
from sessions.decisions.actions.decisions import number_decision
from sessions.enums import AgendaKind, BallotResult, BallotState, MinutesVisaCapacity, Via
from sessions.minutes.actions import corrections
from sessions.minutes.queries.minutes import next_plenaries
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import AgendaItem, Ballot, Minutes, Sitting, Visa
from sessions.queries.minutes_facts import current_visas, minutes_facts, outdated_visas, text_fingerprint, title_of
from sessions.queries.quorum import check_item_quorum
from sessions.rules.ballots import is_open_for_facts

TOPIC_TYPE = "sittings.Minutes"


@MINUTES.action("submit_for_approval")
@transaction.atomic
def submit_for_approval(minutes: Minutes, sitting: Sitting, *, by: User) -> AgendaItem:
    """Put the approval on the agenda of a coming sitting, and send the authors of corrections the answers."""
    step = MINUTES.require(minutes, "submit_for_approval", by=by)
    if sitting not in next_plenaries(minutes.sitting):
        raise ValidationError(_("Choisissez une séance à venir de la même instance."), code="sitting")
    item = agenda.add(
        sitting,
        by=by,
        title=_("Approbation\u00a0: %(title)s") % {"title": title_of(minutes)},
        kind=AgendaKind.MINUTES_APPROVAL,
        minutes=5,
        topic_type=TOPIC_TYPE,
        topic_id=str(minutes.pk),
    )
    _place_early(item, by=by)
    if MINUTES.step(minutes, "send_answers"):
        corrections.send_answers(minutes, by=by)
    MINUTES.take(minutes, step, by=by, approval_item=item)
    return item


def _place_early(item: AgendaItem, *, by: User) -> None:
    """Place the item just after the opening: minutes are approved at the start of a sitting."""
    lines = shape_of(item.sitting)
    others = [line for line in lines if line.pk != item.pk]
    first = AgendaItem.objects.filter(pk=others[0].pk).first() if others else None
    position = order.block(others, 0) if first and first.kind == AgendaKind.OPENING else 0
    agenda.write_order([*others[:position], order.OrderedLine(item.pk, 0), *others[position:]])


@MINUTES.action("approve")
@transaction.atomic
def approve(minutes: Minutes, *, by: User, ballot: Ballot | None = None, remark: str = "") -> Minutes:
    """Record that the sitting approved the minutes, by a vote or without observation."""
    step = MINUTES.require(minutes, "approve", by=by)
    item = minutes.approval_item
    if item is None:
        raise StateConflict(minutes, "approve")
    if ballot is not None:
        _check_vote(ballot, item)
    else:
        check_item_quorum(item)
    moment = timezone.now() if item.sitting.is_running else item.sitting.closed_at
    note = _("Approuvé par un vote") if ballot else _("Adopté sans observation")
    if remark.strip():
        note = f"{note}. {remark.strip()}"[:200]
    MINUTES.take(minutes, step, by=by, approved_at=moment, approval_note=note)
    _note_decision(minutes, item, ballot, by)
    return minutes


def _check_vote(ballot: Ballot, item: AgendaItem) -> None:
    if ballot.agenda_item_id != item.pk or ballot.state != BallotState.PROCLAIMED:
        raise ValidationError(_("Proclamez d’abord le résultat du vote sur l’approbation."), code="ballot")
    if ballot.is_advisory:
        raise ValidationError(_("Un vote indicatif n’approuve rien."), code="ballot")
    if ballot.result != BallotResult.ADOPTED:
        raise ValidationError(
            _("Le vote a rejeté le procès-verbal : le ou la responsable peut le rouvrir."), code="rejected"
        )


def _note_decision(minutes: Minutes, item: AgendaItem, ballot: Ballot | None, by: User) -> None:
    """Record the approval as a decision of the approving sitting, while its own minutes are still open."""
    sitting = lock(item.sitting)
    if not is_open_for_facts(sitting, share(Minutes.objects.filter(sitting=sitting))):
        return
    if ballot is not None and hasattr(ballot, "decision"):
        return
    day = format_date(minutes.sitting.starts_at, weekday=False)
    text = _("Le procès-verbal de la séance du %(day)s est approuvé.") % {"day": day}
    number_decision(item, text=text, by=by, ballot=ballot)


@transaction.atomic
def give_visa(minutes: Minutes, capacity: MinutesVisaCapacity, *, by: User) -> Visa:
    """Approve the final text as chair or secretary, in one's own name, after a fresh proof of identity."""
    return _visa(minutes, f"{capacity}_visa", capacity, by.person, by=by)


@MINUTES.action("chair_visa")
def give_chair_visa(minutes: Minutes, *, by: User) -> Visa:
    return give_visa(minutes, MinutesVisaCapacity.CHAIR, by=by)


@MINUTES.action("secretary_visa")
def give_secretary_visa(minutes: Minutes, *, by: User) -> Visa:
    return give_visa(minutes, MinutesVisaCapacity.SECRETARY, by=by)


@transaction.atomic
def record_visa(minutes: Minutes, capacity: MinutesVisaCapacity, *, by: User) -> Visa:
    """Record the visa of somebody who signed on paper; screens show it as such."""
    person = minutes.sitting.chair if capacity == MinutesVisaCapacity.CHAIR else minutes.sitting.secretary
    return _visa(minutes, "record_visa", capacity, person, by=by, via=Via.PAPER, recorded_by=by)


def _visa(
    minutes: Minutes,
    step_name: str,
    capacity: MinutesVisaCapacity,
    person: Person | None,
    *,
    by: User,
    via: Via = Via.ACCOUNT,
    recorded_by: User | None = None,
) -> Visa:
    """Return the visa that is valid now, else create one."""
    step = MINUTES.require(minutes, step_name, by=by)
    if existing := current_visas(minutes).filter(capacity=capacity).first():
        return existing
    if person is None:
        raise ValidationError(_("Dites d’abord qui présidait et qui était secrétaire de séance."), code="functions")
    visa = Visa.objects.create(
        minutes=minutes,
        person=person,
        capacity=capacity,
        given_at=timezone.now(),
        text_sha256=text_fingerprint(minutes_facts(minutes)),
        via=via,
        recorded_by=recorded_by,
    )
    facts = {"capacity": capacity, "text": visa.text_sha256}
    MINUTES.take(minutes, step, by=by, on_behalf_of=person if recorded_by else None, facts=facts)
    return visa


@MINUTES.action("void_visas")
@transaction.atomic
def void_visas(minutes: Minutes, *, by: User) -> int:
    """Void the visas that cover another text, so that they may be given again."""
    step = MINUTES.require(minutes, "void_visas", by=by)
    count = outdated_visas(minutes).update(voided_at=timezone.now())
    MINUTES.take(minutes, step, by=by, facts={"visas": count})
    return count
