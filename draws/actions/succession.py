"""From a result to mandates: each person drawn is proposed a seat; whoever leaves is replaced by the written rule."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.identity.enums import ContactChannel
from assembly.identity.models import User
from draws.enums import CandidateState, Channel
from draws.models import Candidate, Draw, Placement
from draws.models.draw import promised_row
from draws.queries.draw import outcome_of
from draws.queries.succession import drawn_without_mandate, findings_of, replacements, rule_order
from draws.workflows.draw import DRAW
from members.actions import agreements, newcomers
from members.enums import RecordChannel
from members.models import Mandate, Seat
from members.models.mandate import OPEN_STATES


@dataclass
class Placed:
    """How many were proposed a seat, and in words whom something kept from it."""

    count: int = 0
    refused: list[str] = field(default_factory=list)


@transaction.atomic
def propose_mandates(draw: Draw, *, by: User, answer_deadline: date | None = None) -> Placed:
    """Everybody drawn becomes a person and a member, with a proposed mandate on a seat of the own cell.

    One that cannot be (already a member, no free seat) is told and keeps nobody else from it; asked again, the act
    takes up only those.
    """
    step = DRAW.require(draw, "propose_mandates", by=by)
    hold_candidates(draw)
    outcome = promised_row(outcome_of(draw))
    told = Placed()
    for pseudonym, candidate in drawn_without_mandate(draw, outcome):
        try:
            with transaction.atomic():
                seat = free_seat(draw, candidate, outcome.cell_of(pseudonym))
                mandate = become_member(draw, candidate, seat, by=by, answer_deadline=answer_deadline)
                Placement.objects.create(draw=draw, pseudonym=pseudonym, mandate=mandate, placed_by=by)
        except ValidationError as refused:
            told.refused.append(f"{candidate.reference} : {' '.join(refused.messages)}")
        else:
            told.count += 1
    DRAW.take(draw, step, by=by, facts={"proposed": told.count, "refused": len(told.refused)})
    return told


def hold_candidates(draw: Draw) -> None:
    """Nobody of the list renounces from here on, until the mandates are proposed."""
    list(draw.of_call.candidates.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def free_seat(draw: Draw, candidate: Candidate, cell: str) -> Seat:
    """The first seat of the cell that nobody holds; one without condition where the cell has none left."""
    letter = cell.rpartition("-")[2]
    gender = {"H": "M"}.get(letter, letter)
    seats = Seat.objects.filter(term=draw.term_id, canton=candidate.canton_id, gender__in=[gender, "X"])
    held = Mandate.objects.filter(seat__in=seats, state__in=OPEN_STATES).values("seat")
    seat = seats.exclude(pk__in=held).order_by("gender", "rank").first()
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
    """What the candidate asked to be arranged is asked for the member from today on."""
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
        "canton": promised_row(candidate.canton),
    }
    mandate = newcomers.add(
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
        agreements.record_need(mandate.member, by=by, term=draw.term, kind=need.kind, channel=how)
    return mandate


@transaction.atomic
def replace_vacated(draw: Draw, *, by: User, answer_deadline: date | None = None, late_reason: str = "") -> Placed:
    """Every vacant seat of the draw at once, by the rule that was written before it: nobody chooses anybody.

    `late_reason`: why, in the last months of the term, where the lead alone may (`members.actions.mandates`).
    """
    step = DRAW.require(draw, "replace_vacated", by=by)
    hold_candidates(draw)
    found, outcome = promised_row(replacements(draw)), promised_row(outcome_of(draw))
    order = rule_order(outcome.instance)
    entries = {
        row.pseudonym: row.applicant for row in promised_row(draw.pool).entries.select_related("candidate__canton")
    }
    told = Placed()
    for vacated, pair in found.pairs:
        if pair.id is None:
            words = _("%(seat)s : personne n’est plus disponible dans sa case.")
            told.refused.append(words % {"seat": vacated.seat_words})
            continue
        candidate, left = entries[pair.id], vacated.placement
        try:
            seat = left.mandate.seat if left else free_seat(draw, candidate, outcome.cell_of(vacated.pseudonym))
        except ValidationError as refused:
            told.refused.append(f"{vacated.seat_words} : {' '.join(refused.messages)}")
            continue
        mandate = become_member(draw, candidate, seat, by=by, answer_deadline=answer_deadline, late_reason=late_reason)
        Placement.objects.create(
            draw=draw,
            pseudonym=pair.id,
            mandate=mandate,
            vacated=left,
            instead_of="" if left else vacated.pseudonym,
            findings=findings_of(pair, found.succession, order),
            placed_by=by,
        )
        Candidate.objects.filter(pk=candidate.pk).update(state=CandidateState.DRAWN)
        told.count += 1
    facts = {"replaced": told.count, "vacant": len(told.refused)}
    DRAW.take(draw, step, by=by, reason=late_reason, facts=facts)
    return told
