"""From the approval at the next sitting and the visas to the sealed files, sent to everybody; rectified."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.actions.renditions import request_rendition, request_renditions
from assembly.documents.models import Document, Rendition
from assembly.identity.models import Person, User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.french import format_date
from assembly.workflow import StateConflict, lock, share
from sessions.agenda import actions as agenda, rules as order
from sessions.agenda.models import AgendaKind
from sessions.agenda.queries import shape_of
from sessions.attendance.queries.presence import check_item_quorum
from sessions.decisions.actions import number_decision
from sessions.decisions.models import BallotResult, BallotState
from sessions.decisions.rules import is_open_for_facts
from sessions.minutes import rules
from sessions.minutes.actions import corrections
from sessions.minutes.actions.corrections import send_answers
from sessions.minutes.actions.writing import correct, lock_section
from sessions.minutes.queries.facts import (
    INTERNAL,
    current_visas,
    minutes_facts,
    outdated_visas,
    read_minutes,
    text_fingerprint,
    title_of,
)
from sessions.minutes.queries.minutes import next_plenaries, people_who_attended, readers_of_sealed
from sessions.minutes.rules import replaced_once
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import (
    ActionItem,
    AgendaItem,
    Ballot,
    Minutes,
    MinutesSection,
    MinutesVisaCapacity,
    Sitting,
    Via,
    Visa,
)

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


SEALED_KINDS = ("minutes-internal", "minutes-public")
DRAFT_KIND = "minutes-draft"


@MINUTES.action("seal")
@transaction.atomic
def seal(minutes: Minutes, *, by: User, doubts_read: bool = False) -> list[Rendition]:
    """Request both sealed versions, once the text is approved and both visas cover it.

    `doubts_read`: a person read the words of the public version that could be a name, and confirmed that none is.
    """
    step = MINUTES.require(minutes, "seal", by=by)
    if not minutes.is_formal and MINUTES.step(minutes, "send_answers"):
        send_answers(minutes, by=by)
    keep_decided_tasks(minutes)
    reading = read_minutes(minutes.pk)
    if minutes.is_formal and outdated_visas(minutes, reading.internal).exists():
        raise ValidationError(
            _("Les faits de la séance ont changé depuis un visa : demandez de nouveau les visas."), code="changed"
        )
    doubts = reading.doubtful_passages
    if doubts and not doubts_read:
        raise ValidationError(
            _("Des mots de la version publique pourraient désigner une personne : relisez-les d’abord."), code="doubts"
        )
    MINUTES.take(minutes, step, by=by, facts={"doubts_read": len(doubts)})
    return request_renditions(minutes, SEALED_KINDS, reading, by=by)


def keep_decided_tasks(minutes: Minutes) -> None:
    """Store what the minutes say of the tasks that the sitting decided: these go on afterwards."""
    items = list(ActionItem.objects.filter(sitting=minutes.sitting_id, sealed_text="").select_related("task"))
    for action in items:
        task = action.task
        action.sealed_text, action.sealed_owner_id = task.text, task.owner_id
        action.sealed_owner_text, action.sealed_due_on = task.owner_text, task.due_on
    ActionItem.objects.bulk_update(items, ["sealed_text", "sealed_owner", "sealed_owner_text", "sealed_due_on"])


@transaction.atomic
def record_sealed(minutes: Minutes, document: Document, audience: str) -> None:
    """Record a version that a worker sealed; when both are sealed, so are the minutes. Idempotent."""
    lock(minutes.sitting)
    lock(minutes)
    side = "internal" if audience == INTERNAL else "public"
    now = timezone.now()
    setattr(minutes, f"{side}_document", document)
    setattr(minutes, f"{side}_sealed_at", now)
    minutes.save(update_fields=[f"{side}_document", f"{side}_sealed_at"])
    if MINUTES.step(minutes, "sign"):
        MINUTES.follow(minutes, "sign", signed_at=now)


@MINUTES.action("distribute")
@transaction.atomic
def distribute_sealed(minutes: Minutes, *, by: User) -> Distribution:
    """Send the sealed internal version to all its readers, by post to those without e-mail; once per revision."""
    step = MINUTES.require(minutes, "distribute", by=by)
    recipients = [Recipient(person=person) for person in readers_of_sealed(minutes)]
    key = f"minutes-sealed:{minutes.pk}:{minutes.signed_at:%Y%m%d%H%M%S}"
    if not Distribution.objects.filter(key=key).exists():
        MINUTES.take(minutes, step, by=by, facts={"people": len(recipients)})
    return distribute(
        "minutes-sealed", minutes, recipients, by=by, title=title_of(minutes), term=minutes.sitting.term, key=key
    )


@MINUTES.action("rectify")
@transaction.atomic
def rectify(
    minutes: Minutes, section: MinutesSection, *, passage: str, proposal: str, reason: str, by: User
) -> Minutes:
    """Correct a sealed text with a reason; visas are given again, a new revision supersedes the old one."""
    if section.minutes_id != minutes.pk:
        raise PermissionDenied
    step = MINUTES.require(minutes, "rectify", by=by)
    section = lock_section(section)
    text = replaced_once(section.summary_html, passage, proposal)
    if text is None:
        raise ValidationError(_("Le passage doit se trouver une fois, au mot près, dans ce point."), code="passage")
    MINUTES.take(minutes, step, by=by, reason=reason)
    correct(section, text, by=by)
    current_visas(minutes).update(voided_at=timezone.now())
    return minutes


def record_decisions_document(minutes: Minutes, document: Document) -> None:
    """Record the list of decisions that a worker sealed."""
    MINUTES.follow(minutes, "seal_record", decisions_document=document)


@MINUTES.action("distribute_record")
@transaction.atomic
def distribute_record(minutes: Minutes, *, by: User) -> Distribution:
    """Send the list of decisions to those who attended."""
    recipients = [Recipient(person=person) for person in people_who_attended(minutes.sitting)]
    MINUTES.transition(minutes, "distribute_record", by=by, facts={"people": len(recipients)})
    revision = minutes.decisions_document.revisions.count() if minutes.decisions_document else 0
    return distribute(
        "decisions-record",
        minutes,
        recipients,
        by=by,
        title=_("Relevé de décisions, %(reference)s") % {"reference": minutes.sitting.reference},
        term=minutes.sitting.term,
        key=f"decisions-record:{minutes.pk}:{revision}",
    )


@transaction.atomic
def draft(minutes: Minutes, *, by: User) -> Rendition:
    """Request a draft PDF marked « PROJET » across its pages, at any moment before the seal."""
    if not rules.can_see_desk(by, minutes):
        raise PermissionDenied
    return request_rendition(minutes, DRAFT_KIND, by=by)
