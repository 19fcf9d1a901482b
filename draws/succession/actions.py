"""Proposed mandates, replacements by the rule, calls and reminders."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import ContactChannel, User
from assembly.notifications.actions.distributions import Recipient, check_first_today, distribute
from assembly.web.errors import StateConflict
from assembly.workflow import lock
from draws.draws.models import require_row
from draws.draws.queries.draw import outcome_of
from draws.draws.workflow import guards
from draws.draws.workflow.draw import DRAW
from draws.models import CallOutcome, Candidate, CandidateState, Channel, ConfirmationCall, Draw, Placement
from draws.succession.models import ANSWERS
from draws.succession.queries import REMINDER, awaited, drawn_without_mandate, findings_of, replacements, rule_order
from members.consents import actions as consents
from members.enums import MandateState, RecordChannel
from members.mandates import actions as mandates
from members.models import Mandate, Seat


@dataclass
class Proposals:
    """Result of a proposal of seats: how many people got one, and a sentence for each who could not."""

    count: int = 0
    refused: list[str] = field(default_factory=list)


@DRAW.action("propose_mandates")
@transaction.atomic
def propose_mandates(draw: Draw, *, by: User, answer_deadline: date | None = None) -> Proposals:
    """Make everybody drawn a person and a member, with a proposed mandate on a seat of their own cell.

    A proposal that fails (already a member, no free seat) is reported and does not stop the others; a repeat takes up
    only those.
    """
    step = DRAW.require(draw, "propose_mandates", by=by)
    lock_candidates(draw)
    outcome = require_row(outcome_of(draw))
    summary = Proposals()
    for pseudonym, candidate in drawn_without_mandate(draw, outcome):
        try:
            with transaction.atomic():
                seat = free_seat(draw, candidate, outcome.cell_of(pseudonym))
                mandate = become_member(draw, candidate, seat, by=by, answer_deadline=answer_deadline)
                Placement.objects.create(draw=draw, pseudonym=pseudonym, mandate=mandate, placed_by=by)
        except ValidationError as refused:
            summary.refused.append(f"{candidate.reference} : {' '.join(refused.messages)}")
        else:
            summary.count += 1
    DRAW.take(draw, step, by=by, facts={"proposed": summary.count, "refused": len(summary.refused)})
    return summary


def lock_candidates(draw: Draw) -> None:
    """Lock the candidates of the draw: none of them renounces before the mandates are proposed."""
    list(draw.volunteer_call.candidates.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def free_seat(draw: Draw, candidate: Candidate, cell: str) -> Seat:
    """Return the first free seat of the cell, else one without a gender. Raise ValidationError where none is free."""
    letter = cell.rpartition("-")[2]
    gender = {"H": "M"}.get(letter, letter)
    seats = Seat.objects.filter(term=draw.term_id, canton=candidate.canton_id, gender__in=[gender, "X"])
    occupied = Mandate.objects.filter(seat__in=seats, state__in=MandateState.tagged("open")).values("seat")
    seat = seats.exclude(pk__in=occupied).order_by("gender", "rank").first()
    if seat is None:
        raise ValidationError(_("Aucun siège de ce canton et de ce genre n’est libre."), code="seat")
    return seat


def become_member(
    draw: Draw,
    candidate: Candidate,
    seat: Seat | None,
    *,
    by: User,
    answer_deadline: date | None,
    late_reason: str = "",
) -> Mandate:
    """Create the member and the proposed mandate of a candidate; the needs of the application become the member’s."""
    person = {
        "first_name": candidate.first_name,
        "last_name": candidate.last_name,
        "email": candidate.email,
        "phone": candidate.phone,
        "address": candidate.address,
        "postcode": candidate.postcode,
        "city": candidate.city,
        "channel": ContactChannel.EMAIL if candidate.email else ContactChannel.PAPER,
    }
    member = {
        "gender": candidate.gender,
        "birth_year": candidate.birth_date.year,
        "canton": require_row(candidate.canton),
    }
    mandate = mandates.add_member(
        draw.term,
        by=by,
        person=person,
        member=member,
        seat=seat,
        answer_deadline=answer_deadline,
        late_reason=late_reason,
    )
    how = RecordChannel.PHONE if candidate.channel == Channel.PHONE else RecordChannel.PAPER
    for need in candidate.needs.all():
        consents.record_need(mandate.member, by=by, term=draw.term, kind=need.kind, channel=how)
    return mandate


@DRAW.action("replace_vacated")
@transaction.atomic
def replace_vacated(draw: Draw, *, by: User, answer_deadline: date | None = None, late_reason: str = "") -> Proposals:
    """Fill every vacant seat of the draw at once, by the rule written before the draw: nobody chooses anybody.

    `late_reason`: why, in the last months of the term, where the lead alone may (`members.mandates.actions`).
    """
    step = DRAW.require(draw, "replace_vacated", by=by)
    lock_candidates(draw)
    replacement, outcome = require_row(replacements(draw)), require_row(outcome_of(draw))
    order = rule_order(outcome.instance)
    entries = {
        row.pseudonym: row.applicant for row in require_row(draw.pool).entries.select_related("candidate__canton")
    }
    summary = Proposals()
    for vacated, pair in replacement.pairs:
        if pair.id is None:
            message = _("%(seat)s : personne n’est plus disponible dans sa case.")
            summary.refused.append(message % {"seat": vacated.seat_label})
            continue
        candidate, left = entries[pair.id], vacated.placement
        try:
            seat = left.mandate.seat if left else free_seat(draw, candidate, outcome.cell_of(vacated.pseudonym))
        except ValidationError as refused:
            summary.refused.append(f"{vacated.seat_label} : {' '.join(refused.messages)}")
            continue
        mandate = become_member(draw, candidate, seat, by=by, answer_deadline=answer_deadline, late_reason=late_reason)
        Placement.objects.create(
            draw=draw,
            pseudonym=pair.id,
            mandate=mandate,
            vacated=left,
            instead_of="" if left else vacated.pseudonym,
            findings=findings_of(pair, replacement.succession, order),
            placed_by=by,
        )
        Candidate.objects.filter(pk=candidate.pk).update(state=CandidateState.DRAWN)
        summary.count += 1
    facts = {"replaced": summary.count, "vacant": len(summary.refused)}
    DRAW.take(draw, step, by=by, reason=late_reason, facts=facts)
    return summary


@transaction.atomic
def note_call(
    placement: Placement, *, by: User, outcome: CallOutcome, call_again_on: date | None = None
) -> ConfirmationCall:
    """Record a call about a mandate that has no answer yet. Raise StateConflict once it has one."""
    mandate = lock(placement.mandate)
    if not guards.can_prepare(by, mandate.term_id):
        raise PermissionDenied
    if mandate.state != MandateState.PROPOSED:
        raise StateConflict(mandate, "accept")
    if outcome in ANSWERS:
        call_again_on = None
    elif outcome == CallOutcome.LATER and call_again_on is None:
        raise ValidationError(_("Dites quel jour rappeler."), code="call_again_on")
    if call_again_on and call_again_on < timezone.localdate():
        raise ValidationError(_("Ce jour est passé."), code="call_again_on")
    call = ConfirmationCall.objects.create(placement=placement, outcome=outcome, call_again_on=call_again_on, by=by)
    record("mandate.called", mandate, by=by, outcome=outcome)
    return call


@DRAW.action("remind")
@transaction.atomic
def remind(draw: Draw, *, by: User) -> int:
    """Send a message to each person whose answer is awaited. Return the number of recipients.

    Raises ValidationError for the second time of a day.
    """
    step = DRAW.require(draw, "remind", by=by)
    key = f"{REMINDER}:{draw.pk}:{timezone.localdate()}"
    check_first_today(key)
    rows = awaited(draw).select_related("mandate__member__person").order_by("pk")
    distribution = distribute(
        REMINDER,
        draw,
        [Recipient(row.mandate.member.person, {"mandate": row.mandate_id}) for row in rows],
        by=by,
        title=_("Tirage %(reference)s : votre réponse est attendue") % {"reference": draw.reference},
        key=key,
        term=draw.term,
    )
    recipients = distribution.deliveries.count()
    DRAW.take(draw, step, by=by, facts={"recipients": recipients})
    return recipients
