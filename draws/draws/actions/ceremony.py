"""Actions of the draw in public, in the request and without a worker: digits, lot, record, witness, names."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assembly.documents.actions.register import publish
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.actions.uploads import accept_upload
from assembly.documents.models import Rendition, UploadPurpose
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from assembly.text.printable import check_text
from draws.draws.models import require_row
from draws.draws.queries.draw import RECORD_KIND, announcement_of, lots_of, outcome_of, portfolio_of, record_of
from draws.draws.workflow.draw import DRAW
from draws.models import BallReading, CandidateState, Draw, DrawResult, Incident, PoolEntry
from members.sortition.protocol import Refused, drawn_lot, seed, ticket


def sources_of(balls: str, dice: str) -> dict[str, str]:
    return {"boules": balls, "des": dice}


@DRAW.action("read")
@transaction.atomic
def read_digits(draw: Draw, *, balls: str, dice: str, by: User) -> BallReading:
    """Record one person’s reading of the balls and dice; the second of a round decides.
    If both are equal, the lot is drawn; if not, both stay for the record and a new round begins."""
    step = DRAW.require(draw, "read", by=by)
    portfolio = require_row(portfolio_of(draw))
    try:
        ticket(balls)
        seed(announcement_of(draw, portfolio).text, sources_of(balls, dice))
    except Refused as refused:
        raise ValidationError(str(refused), code="balls") from refused
    before = list(draw.readings.order_by("round", "place"))
    is_second = bool(before) and before[-1].place == 1
    number = before[-1].round if is_second else (before[-1].round + 1 if before else 1)
    if is_second and before[-1].by_id == by.pk:
        message = _("Vous avez déjà saisi ce tirage : une autre personne fait la seconde lecture.")
        raise ValidationError(message, code="same_person")
    reading = BallReading.objects.create(
        draw=draw, round=number, place=2 if is_second else 1, balls=balls, dice=dice, by=by
    )
    DRAW.take(draw, step, by=by, facts={"round": number, "place": reading.place})
    if not is_second:
        return reading
    if (before[-1].balls, before[-1].dice) != (balls, dice):
        message = _("Lecture nº %(n)s : les deux saisies diffèrent. Les boules sont relues à voix haute.") % {
            "n": number
        }
        Incident.objects.create(draw=draw, text=message, by=None)
        return reading
    _decide(draw, reading, by=by)
    return reading


def _decide(draw: Draw, reading: BallReading, *, by: User) -> None:
    portfolio = require_row(portfolio_of(draw))
    number = ticket(reading.balls)
    seed_bytes = seed(announcement_of(draw, portfolio).text, sources_of(reading.balls, reading.dice))
    try:
        with transaction.atomic():
            result = DrawResult.objects.create(
                draw=draw,
                portfolio=portfolio,
                balls=reading.balls,
                dice=reading.dice,
                ticket=number,
                lot=drawn_lot(lots_of(portfolio), number).number,
                seed=seed_bytes.hex(),
            )
    except IntegrityError as again:
        raise ValidationError(_("Ces lots ont déjà été tirés."), code="drawn") from again
    facts = {"ticket": f"{number:04}", "lot": result.lot, "seed": result.seed}
    DRAW.follow(draw, "draw", by=by, facts=facts)


@DRAW.action("report")
@transaction.atomic
def report_incident(draw: Draw, *, text: str, by: User) -> Incident:
    """Record an incident; it is printed in the record and never deleted."""
    step = DRAW.require(draw, "report", by=by)
    incident = Incident.objects.create(draw=draw, text=check_text(text).strip(), by=by)
    DRAW.take(draw, step, by=by)
    return incident


@DRAW.action("name_attendees")
@transaction.atomic
def name_attendees(draw: Draw, *, attendees: str, by: User) -> None:
    """Record who was present, in which capacity: these people sign the record."""
    step = DRAW.require(draw, "name_attendees", by=by)
    DRAW.take(draw, step, by=by, attendees=check_text(attendees).strip())


@DRAW.action("seal")
@transaction.atomic
def seal(draw: Draw, *, by: User) -> Rendition:
    """Request the sealed record of the draw."""
    step = DRAW.require(draw, "seal", by=by)
    if not draw.attendees:
        raise ValidationError(_("Nommez d’abord les personnes présentes : elles signent."), code="attendees")
    DRAW.take(draw, step, by=by)
    return request_rendition(draw, RECORD_KIND, by=by)


@DRAW.action("certify")
@transaction.atomic
def certify(draw: Draw, *, name: str, office: str, reference: str, file: CheckedFile | None, by: User) -> None:
    """Record the attestation of the commissaire de justice, with the statement where it is already written."""
    step = DRAW.require(draw, "certify", by=by)
    statement = accept_upload(file, by=by, purpose=UploadPurpose.SCAN) if file else None
    DRAW.take(
        draw,
        step,
        by=by,
        witness_name=check_text(name).strip(),
        witness_office=check_text(office).strip(),
        statement_reference=check_text(reference).strip(),
        statement=statement,
    )


@DRAW.action("reveal")
@transaction.atomic
def reveal(draw: Draw, *, by: User) -> dict[str, int]:
    """Set the result on the candidates and publish the sealed record. Return the number of candidates by state."""
    step = DRAW.require(draw, "reveal", by=by)
    outcome = require_row(outcome_of(draw))
    states = dict.fromkeys(outcome.members, CandidateState.DRAWN)
    states |= {name: CandidateState.ALTERNATE for cell in outcome.ranks for name in cell.ids[: draw.alternates]}
    keys: dict[str, list[int]] = {}
    for pseudonym, candidate in PoolEntry.objects.filter(pool=draw.pool_id).values_list("pseudonym", "candidate"):
        keys.setdefault(states.get(pseudonym, CandidateState.NOT_DRAWN), []).append(candidate)
    counts = {
        str(state): draw.volunteer_call.candidates.filter(pk__in=pks, state=CandidateState.IN_POOL).update(state=state)
        for state, pks in sorted(keys.items())
    }
    DRAW.take(draw, step, by=by, facts=counts)
    document = record_of(draw)
    if document is not None:
        publish(document, by=by)
    return counts
