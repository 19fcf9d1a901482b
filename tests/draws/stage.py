"""A small draw on stage: four seats in two cantons, twelve volunteers, in any state of its path."""

from datetime import date, timedelta

from django.utils import timezone

from assembly.documents.models import Document
from draws.candidates.models import CandidateState, Channel, Occupation
from draws.draws.actions import preparation as actions
from draws.draws.models import ComputationKind, ComputationState, DrawState
from draws.draws.queries.draw import announcement_of, canton_code, instance_of, pool_bytes, pool_rows, trial_pool
from draws.models import BallReading, Call, CallState, Candidate, Computation, Draw, DrawResult, FrozenPool, PoolEntry
from members.models import Seat
from members.sortition.protocol import drawn_lot, read_lots, seed, sha256, ticket
from members.sortition.reading import csv_bytes, read_instance, read_quotas
from tests.factories.institution import CantonFactory

S = DrawState
ORDER = [S.DRAFT, S.CHECKED, S.FROZEN, S.COMPUTED, S.ANNOUNCED, S.DRAWN, S.CERTIFIED, S.REVEALED]
HELD = [CandidateState.ELIGIBLE, CandidateState.IN_POOL]
BALLS, DICE = "4-1-7-2", "3.5.1.6.6.2.4.1.1.5.3.2.6.4.2.5.1.3.6.2"


def closed_call(people) -> Call:
    """Return the closed call of the term at work, with its seats and volunteers; make earlier draws void."""
    call, _is_new = Call.objects.update_or_create(
        term=people.term,
        defaults={
            "state": CallState.CLOSED,
            "opens_on": date(2026, 3, 1),
            "closes_on": date(2026, 9, 1),
            "closed_on": date(2026, 9, 2),
            "draw_on": None,
        },
    )
    ended = {"state": S.VOID, "voided_at": timezone.now(), "void_reason": "Un autre tirage commence."}
    call.draws.exclude(state=S.VOID).update(**ended)
    own = call.candidates.filter(email__startswith="volontaire")
    call.candidates.filter(state__in=HELD).update(state=CandidateState.WITHDRAWN)
    if own.update(state=CandidateState.ELIGIBLE) == 0:
        cantons = list(people.assembly.cantons.order_by("number")[:2])
        cantons += [CantonFactory(assembly=people.assembly) for _ in range(2 - len(cantons))]
        volunteers(call, cantons)
        wanted = [Seat(term=call.term, canton=canton, gender=gender, rank=1) for canton in cantons for gender in "FM"]
        Seat.objects.bulk_create(wanted, ignore_conflicts=True)
        Seat.objects.filter(term=call.term).filter(mandates=None).exclude(canton__in=cantons, rank=1).delete()
    return call


def volunteers(call, cantons, each=3) -> list[Candidate]:
    rows = []
    for canton in cantons:
        for gender in "FM":
            for _ in range(each):
                number = call.candidates.count() + len(rows) + 1
                rows.append(
                    Candidate(
                        call=call,
                        number=number,
                        state=CandidateState.ELIGIBLE,
                        channel=Channel.WEB,
                        received_at=timezone.now(),
                        first_name=f"Prénom{number}",
                        last_name=f"Nom{number}",
                        sort_name=f"nom{number} prenom{number}",
                        email=f"volontaire{number}@example.org",
                        confirmed_email=f"volontaire{number}@example.org",
                        address="1, rue du Port",
                        postcode="31000",
                        city=f"Commune{number}",
                        canton=canton,
                        gender=gender,
                        birth_date=date(1980, 1, 1) + timedelta(days=number),
                        occupation=Occupation.EMPLOYEE,
                    )
                )
    return Candidate.objects.bulk_create(rows)


def draw_in(people, state=S.DRAFT, *, contest_days=0, reads=0) -> Draw:
    """Return a draw of the term in that state, prepared by the officer; its lots are three panels written by hand."""
    draw = begun(people)
    state = DrawState(state)
    until = ORDER.index(state) if state in ORDER else 0
    Draw.objects.filter(pk=draw.pk).update(contest_days=contest_days)
    if until:
        tried(draw, people)
    if until >= ORDER.index(S.FROZEN):
        freeze(draw, people)
    if until >= ORDER.index(S.COMPUTED):
        computed(draw, people)
    values = {"state": state}
    if until >= ORDER.index(S.ANNOUNCED):
        values |= {"announced_at": timezone.now(), "place": "Hôtel du Département", "takes_place_at": timezone.now()}
    draw.refresh_from_db()
    if until >= ORDER.index(S.DRAWN):
        drawn(draw, people)
        values |= {"drawn_at": timezone.now(), "attendees": "Odile Labatut, vice-présidente"}
    if until >= ORDER.index(S.CERTIFIED):
        values |= {"certified_at": timezone.now(), "witness_name": "Jean-Luc Mounié", "witness_office": "Étude"}
    if state == S.REVEALED:
        values["revealed_at"] = timezone.now()
    if state == S.VOID:
        values |= {"voided_at": timezone.now(), "void_reason": "Panne de courant."}
    Draw.objects.filter(pk=draw.pk).update(**values)
    if reads:
        BallReading.objects.create(draw=draw, round=1, place=1, balls=BALLS, dice=DICE, by=people["officer"])
    return fresh(draw)


def begun(people) -> Draw:
    draw = actions.begin_draw(closed_call(people), by=people["officer"])
    if draw.quotas.seats != 4:  # the term has members already, in seats of other cantons
        seen = draw.quotas.number
        actions.set_quotas(draw, four_seats(draw), seats=4, decision="Décidé.", seen=seen, by=people["officer"])
    return draw


def four_seats(draw) -> bytes:
    """Return quotas as CSV: one seat for each canton and gender of the volunteers."""
    rows = draw.call.candidates.filter(state=CandidateState.ELIGIBLE).values_list("canton__number", "gender")
    cells = sorted({f"{canton_code(number)}-{'H' if gender == 'M' else gender}" for number, gender in rows})
    return csv_bytes(("feature", "value", "min", "max"), [("canton_sexe", cell, 1, 1) for cell in cells])


def fresh(draw) -> Draw:
    return Draw.objects.with_dossier().get(pk=draw.pk)


def tried(draw, people) -> Computation:
    """Record a trial that found the quotas possible."""
    draw.refresh_from_db()
    digest = read_instance(trial_pool(draw), bytes(draw.quotas.content), draw.quotas.seats).digest
    return Computation.objects.create(
        draw=draw,
        kind=ComputationKind.TRIAL,
        state=ComputationState.READY,
        quotas=draw.quotas,
        digest=digest,
        findings={"forced": [], "excluded": []},
        asked_by=people["officer"],
        finished_at=timezone.now(),
    )


def freeze(draw, people) -> FrozenPool:
    """Freeze the twelve under pseudonyms in order: V0001 to V0003 are the women of the first canton, and so on."""
    draw.call.candidates.filter(state=CandidateState.SUBMITTED).update(state=CandidateState.WITHDRAWN)
    rows = pool_rows(draw.call, read_quotas(bytes(draw.quotas.content)))
    names = [f"V{number:04}" for number in range(1, len(rows) + 1)]
    content = pool_bytes(rows, names)
    pool = FrozenPool.objects.create(
        draw=draw,
        version=draw.pools.count() + 1,
        quotas=draw.quotas,
        content=content,
        sha256=sha256(content),
        table_sha256=sha256(b"table"),
        size=len(rows),
        counts={"states": {"eligible": len(rows)}, "grounds": {}},
        frozen_at=timezone.now(),
    )
    entries = [PoolEntry(pool=pool, pseudonym=n, candidate=row.candidate) for n, row in zip(names, rows, strict=True)]
    PoolEntry.objects.bulk_create(entries)
    draw.call.candidates.filter(state=CandidateState.ELIGIBLE).update(state=CandidateState.IN_POOL)
    values = {"pool": pool, "frozen_at": pool.frozen_at, "frozen_by": people["lead"], "state": S.FROZEN}
    Draw.objects.filter(pk=draw.pk).update(**values)
    return pool


def computed(draw, people) -> Computation:
    draw.refresh_from_db()
    cells = {}
    for volunteer in instance_of(draw.pool).volunteers:
        cells.setdefault(volunteer.values, []).append(volunteer.id)
    panels = sorted(" ".join(sorted(ids)) for ids in zip(*cells.values(), strict=True))
    ranges = [(0, 3333), (3334, 6666), (6667, 9999)]
    rows = [(number, *bounds, ids) for number, (bounds, ids) in enumerate(zip(ranges, panels, strict=True), 1)]
    lots = csv_bytes(("lot", "de", "a", "membres"), rows)
    return Computation.objects.create(
        draw=draw,
        kind=ComputationKind.PORTFOLIO,
        state=ComputationState.READY,
        quotas=draw.quotas,
        pool=draw.pool,
        digest=instance_of(draw.pool).digest,
        findings={"exact": True, "sentence": "Borne 33 %, atteint 33 %, écart 0."},
        lots=lots,
        lots_sha256=sha256(lots),
        certificate=b'{"pool_size":12,"seats":4,"tickets":{"minimum":0.3333,"maximum":0.3334,"gini":0.0}}',
        asked_by=people["officer"],
        finished_at=timezone.now(),
    )


def drawn(draw, people) -> DrawResult:
    portfolio = draw.computations.filter(kind=ComputationKind.PORTFOLIO).get()
    for place, role in enumerate(("officer", "lead"), 1):
        BallReading.objects.create(draw=draw, round=1, place=place, balls=BALLS, dice=DICE, by=people[role])
    return DrawResult.objects.create(
        draw=draw,
        portfolio=portfolio,
        balls=BALLS,
        dice=DICE,
        ticket=ticket(BALLS),
        lot=drawn_lot(read_lots(bytes(portfolio.lots)), ticket(BALLS)).number,
        seed=seed(announcement_of(draw, portfolio).text, {"boules": BALLS, "des": DICE}).hex(),
    )


def registered_record(draw) -> Document:
    """Return the record in the register, without its file."""
    return Document.objects.create(
        reference=f"{draw.reference}-PV",
        kind="draw-record",
        subject_type="draws.Draw",
        subject_id=str(draw.pk),
        title="Procès-verbal",
        dated_on=timezone.localdate(),
        term=draw.term,
    )
