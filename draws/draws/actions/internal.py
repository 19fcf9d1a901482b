"""Actions of a draw among the members (spokespersons, a follow-up committee, assessors): same protocol, no worker."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.register import publish
from assembly.identity.models import Person, User
from assembly.institution.actions import committees
from assembly.institution.actions.assemblies import next_number
from assembly.institution.models import Committee, Term
from assembly.text.printable import check_text
from assembly.workflow import lock
from draws.draws.actions.preparation import prefixed, random_pseudonyms
from draws.draws.models import ComputationKind, ComputationState, DesignationOutcome, require_row
from draws.draws.queries.draw import holders, instance_of, internal_quotas, internal_rows, may_be_drawn, record_of
from draws.draws.queries.records import TABLE_HEADER
from draws.draws.workflow import guards
from draws.draws.workflow.draw import DRAW
from draws.models import Computation, Designation, Draw, FrozenPool, PoolEntry, QuotaVersion
from draws.signals import people_named
from members.models import Mandate
from members.sortition.feasibility import Infeasible
from members.sortition.portfolio import compute
from members.sortition.protocol import sha256
from members.sortition.reading import InvalidInput, canonical_pool, csv_bytes, read_quotas

MOST_PEOPLE = 400  # the lots are made in the request: well under a second here, minutes beyond a thousand


@transaction.atomic
def begin_internal_draw(
    term: Term,
    *,
    title: str,
    seats: int,
    is_parity: bool,
    by: User,
    purpose: str = "",
    drawn_among: Committee | None = None,
    committee: Committee | None = None,
    takes_place_at: datetime | None = None,
    place: str = "",
) -> Draw:
    """Begin the draw of one function. `purpose`: its key, by default made of the title; one valid draw for each."""
    if not guards.can_prepare(by, term):
        raise PermissionDenied
    title = check_text(title).strip()
    purpose = purpose or f"fonction:{slugify(title)[:160]}"
    lock(term)
    draw = Draw(
        within_term=term,
        title=title,
        purpose=purpose,
        number=(term.internal_draws.filter(purpose=purpose).aggregate(last=Max("number"))["last"] or 0) + 1,
        reference=internal_reference(term),
        drawn_among=drawn_among,
        committee=committee,
        takes_place_at=takes_place_at,
        place=check_text(place).strip(),
        contest_days=0,
        prepared_by=by,
    )
    try:
        with transaction.atomic():
            draw.save(force_insert=True)
    except IntegrityError as refused:
        raise ValidationError(_("Un tirage pour cette fonction existe déjà."), code="title") from refused
    record("draw.internal_begun", draw, by=by, reference=draw.reference, title=title)
    _set_places(draw, seats, is_parity=is_parity, by=by)
    return draw


def internal_reference(term: Term) -> str:
    """Return the next reference, such as AC2-TI-2026-03 for the third internal draw of the year."""
    year = timezone.localdate().year
    number = next_number(term.assembly, f"{term.code}-TI", year)
    return prefixed(term, f"{term.code}-TI-{year}-{number:02}")


def _set_places(draw: Draw, seats: int, *, is_parity: bool, by: User) -> None:
    content = internal_quotas(seats, is_parity=is_parity)
    if draw.quotas and draw.quotas.sha256 == sha256(content):
        return
    version = QuotaVersion.objects.create(
        draw=draw,
        number=(draw.quotas.number if draw.quotas else 0) + 1,
        seats=seats,
        content=content,
        sha256=sha256(content),
        decision=draw.title,
        created_by=by,
    )
    Draw.objects.filter(pk=draw.pk).update(quotas=version)
    draw.quotas = version


@DRAW.action("describe")
@transaction.atomic
def describe(draw: Draw, *, seats: int, is_parity: bool, title: str, by: User, **values: Any) -> None:
    """Change what is drawn before the list is frozen; the purpose does not change, so that it is still drawn once."""
    step = DRAW.require(draw, "describe", by=by)
    values |= {"title": check_text(title).strip(), "place": check_text(values["place"]).strip()}
    changed = sorted(name for name, value in values.items() if getattr(draw, name) != value)
    DRAW.take(draw, step, by=by, facts={"changed": changed, "seats": seats}, **values)
    _set_places(draw, seats, is_parity=is_parity, by=by)


@DRAW.action("announce_list")
@transaction.atomic
def announce_list(draw: Draw, *, without: Collection[Person], by: User) -> FrozenPool:
    """Freeze the members of this moment under random pseudonyms, compute the lots and publish their hashes."""
    step = DRAW.require(draw, "announce_list", by=by)
    quotas = require_row(draw.quotas)
    left_out = {person.pk for person in without}
    everybody = list(may_be_drawn(draw.term_id, draw.drawn_among_id))
    mandates = [row for row in everybody if row.member.person_id not in left_out]
    if len(mandates) > MOST_PEOPLE:
        message = _("La liste est trop longue : %(n)s personnes au plus. Tirez parmi une commission.")
        raise ValidationError(message % {"n": MOST_PEOPLE}, code="without")
    names, now = random_pseudonyms(len(mandates)), timezone.now()
    content = _list_bytes(mandates, names, bytes(quotas.content))
    entries = [PoolEntry(pseudonym=name, mandate=row) for name, row in zip(names, mandates, strict=True)]
    lines = sorted((entry.pseudonym, entry.table_reference) for entry in entries)
    pool = FrozenPool.objects.create(
        draw=draw,
        version=1,
        quotas=quotas,
        content=content,
        sha256=sha256(content),
        table_sha256=sha256(csv_bytes(TABLE_HEADER, lines)),
        size=len(mandates),
        counts={"states": {"active": len(everybody)}, "grounds": {}},
        frozen_at=now,
    )
    for entry in entries:
        entry.pool = pool
    PoolEntry.objects.bulk_create(entries)
    portfolio = _lots(draw, pool, by=by)
    facts = {"pool": pool.sha256, "table": pool.table_sha256, "lots": portfolio.lots_sha256, "size": pool.size}
    DRAW.take(draw, step, by=by, facts=facts, pool=pool, frozen_at=now, frozen_by=by)
    return pool


def _list_bytes(mandates: list[Mandate], names: list[str], quotas: bytes) -> bytes:
    feature = read_quotas(quotas)[0].feature
    values = internal_rows(mandates, quotas)
    try:
        return canonical_pool(csv_bytes(("id", feature), list(zip(names, values, strict=True))))
    except InvalidInput as refused:
        raise ValidationError(_("Personne ne reste dans la liste."), code="without") from refused


def _lots(draw: Draw, pool: FrozenPool, *, by: User) -> Computation:
    """Compute the lots of a small list in the request, so that the draw of a sitting depends on no worker."""
    try:
        instance = instance_of(pool)
        portfolio = compute(instance)
    except (InvalidInput, Infeasible) as refused:
        message = _("Cette liste ne permet pas de pourvoir les places avec cette règle : il manque des personnes.")
        raise ValidationError(message, code="without") from refused
    lots, now = portfolio.lots_csv, timezone.now()
    return Computation.objects.create(
        draw=draw,
        kind=ComputationKind.PORTFOLIO,
        state=ComputationState.READY,
        quotas=pool.quotas,
        pool=pool,
        digest=instance.digest,
        done=100,
        lots=lots,
        lots_sha256=sha256(lots),
        certificate=portfolio.certificate_json,
        findings={"exact": portfolio.certificate.exact, "sentence": str(portfolio.certificate.sentence)},
        asked_by=by,
        progressed_at=now,
        finished_at=now,
    )


@DRAW.action("note_refusal")
@transaction.atomic
def note_refusal(draw: Draw, *, pseudonym: str, by: User) -> None:
    """Record that somebody drawn, or next in the reserve, declines: the rule gives the function to the next one."""
    step = DRAW.require(draw, "note_refusal", by=by)
    current_holders = holders(draw)
    by_pseudonym = {one.pseudonym: one for one in current_holders.people} if current_holders else {}
    if pseudonym not in by_pseudonym:
        raise ValidationError(_("Cette personne ne tient plus cette place : relisez la liste."), code="pseudonym")
    Designation.objects.create(
        draw=draw,
        pseudonym=pseudonym,
        mandate=by_pseudonym[pseudonym].mandate,
        outcome=DesignationOutcome.DECLINED,
        noted_by=by,
    )
    DRAW.take(draw, step, by=by, facts={"pseudonym": pseudonym})


@DRAW.action("name_people")
@transaction.atomic
def name_people(draw: Draw, *, by: User) -> list[Person]:
    """Publish who holds the function, with reserves where somebody declined or left, and the sealed record.
    Higher apps receive the names by `people_named`; a committee gets them as members here."""
    step = DRAW.require(draw, "name_people", by=by)
    current_holders = require_row(holders(draw))
    left_pseudonyms = [name for name, why in current_holders.gone.items() if why == DesignationOutcome.LEFT]
    entries = {row.pseudonym: row for row in require_row(draw.pool).entries.filter(pseudonym__in=left_pseudonyms)}
    rows = [
        Designation(
            draw=draw,
            pseudonym=name,
            mandate=require_row(entries[name].mandate),
            outcome=DesignationOutcome.LEFT,
            noted_by=by,
        )
        for name in left_pseudonyms
    ]
    rows += [
        Designation(
            draw=draw,
            pseudonym=one.pseudonym,
            mandate=one.mandate,
            outcome=DesignationOutcome.NAMED,
            rank=rank,
            instead_of=one.instead_of,
            noted_by=by,
        )
        for rank, one in enumerate(current_holders.people, 1)
    ]
    Designation.objects.bulk_create(rows)
    DRAW.take(
        draw, step, by=by, facts={"named": [one.pseudonym for one in current_holders.people], "left": left_pseudonyms}
    )
    document = record_of(draw)
    if document is not None:
        publish(document, by=by)
    people = [one.mandate.member.person for one in current_holders.people]
    if draw.committee is not None:
        _seat(draw.committee, people, by=by)
    people_named.send(sender=Draw, draw=draw, people=people, by=by)
    return people


def _seat(committee: Committee, people: list[Person], *, by: User) -> None:
    """Add these people to the committee; whoever is a member of it already stays so."""
    today = timezone.localdate()
    seated = set(committee.memberships.exclude(ends_on__lt=today).values_list("person", flat=True))
    for person in people:
        if person.pk not in seated:
            committees.add_member(committee, person, by=by, starts_on=today)
