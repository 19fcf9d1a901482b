"""The draw of the second assembly, in November 2025: announced, drawn by four balls, attested, its names public.

The volunteers are invented, and anybody can compute the lots again. Those who were drawn get the names of the members
that the demonstration already has, because nobody can predict whom four balls name. A year later four members leave,
the written rule names others, and the team calls those whom it named: one said yes, one thinks it over, one is to be
called again, one said no and the next of the cell was named. This is played after the seal: the rule needs its result.
"""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

from assembly.identity.models import User, sort_key
from assembly.institution.models import Canton, CommitteeMembership, Role, Term
from demo import sittings
from demo.context import DOMAIN, DemoContext, at
from demo.days import at_hour, paris, retell, story_date
from demo.make_members import MEN, STREETS, SURNAMES, WOMEN
from draws.calls.models import CallState, Ground
from draws.calls.rules import erasure_day
from draws.candidates import actions as candidates
from draws.candidates.rules import household_of
from draws.draws.actions import ceremony, computation, preparation as actions
from draws.draws.queries.draw import DrawOutcome, outcome_of, quota_lines
from draws.draws.workflow.draw import DRAW
from draws.models import Call, CallOutcome, Candidate, CandidateState, Channel, Draw, Placement
from draws.representation.actions import publish_profile
from draws.succession import actions as succession
from members.enums import EndReason, MandateState, RecordChannel
from members.mandates import actions as mandates
from members.models import Mandate
from members.sortition.instance import QuotaLine
from sessions.models import AbsenceCase

SEED, DRAWN_ON = 41, story_date("2025-11-18")
BALLS, DICE = "4-1-7-2", "3.5.1.6.6.2.4.1.1.5.3.2.6.4.2.5.1.3.6.2"
ATTENDEES = (
    "Odile Labatut, vice-présidente chargée du Dialogue citoyen",
    "Jean-Luc Mounié, commissaire de justice",
    "Samuel Espinasse, responsable du projet",
    "Nadia Fauré, chargée de mission",
)
# As many as volunteered for the assembly of a real département: canton, gender, age class, occupation, household.
POOL = Path(__file__).with_name("volontaires.csv")
AGES = {"16-24": (16, 24), "25-34": (25, 34), "35-49": (35, 49), "50-64": (50, 64), "65+": (65, 84)}
BOUNDS = {
    "age": {"16-24": (14, 18), "25-34": (17, 21), "35-49": (25, 29), "50-64": (22, 26), "65+": (20, 24)},
    "csp": {
        "agriculteur": (1, 3),
        "artisan_chef": (2, 6),
        "cadre": (15, 19),
        "intermediaire": (16, 20),
        "employe": (14, 18),
        "ouvrier": (9, 13),
        "retraite": (22, 26),
        "sans_activite": (15, 19),
    },
}
# What the first volunteers of the largest canton turned out to be.
INELIGIBLE = (Ground.ELECTED, Ground.OUTSIDE, Ground.AGENT, Ground.OUTSIDE)
LARGEST_CANTON = "15"


def seed(context: DemoContext) -> None:
    """Play the draw up to the digits; `demo/sealing.py` seals the record."""
    chance = random.Random(SEED)  # noqa: S311 -- the same invented people each time
    with at("2025-11-04 09:00"):
        call = closed_call(context, chance)
        draw = prepared(context, call)
    with at("2025-11-05 10:00"):
        freeze_in_order(draw, chance, by=context.lead)
    with at("2025-11-12 11:00"):
        computation.run_computation(computation.ask_portfolio(fresh(draw), by=context.officer).pk)
    with at("2025-11-13 09:00"):
        DRAW.transition(fresh(draw), "announce", by=context.lead)
    with at("2025-11-18 14:30"):
        for reader in (context.officer, context.users[Role.WITNESS]):
            ceremony.read_digits(fresh(draw), balls=BALLS, dice=DICE, by=reader)
    with at("2025-11-18 14:50"):
        ceremony.report_incident(
            fresh(draw), text="La deuxième boule est tombée de l’urne : elle y a été remise.", by=context.officer
        )
        ceremony.name_attendees(fresh(draw), attendees="\n".join(ATTENDEES), by=context.officer)
    take_names_of_members(context, fresh(draw))


def freeze_in_order(draw: Draw, chance: random.Random, *, by: User) -> None:
    """Freeze under the same pseudonyms each time, so that two builds of the demonstration have the same rows."""

    def names(count: int) -> list[str]:
        return chance.sample([f"V{number:04}" for number in range(1, count + 1)], count)

    drawn_by_chance = actions.random_pseudonyms
    actions.random_pseudonyms = names
    try:
        actions.freeze_list(fresh(draw), by=by)
    finally:
        actions.random_pseudonyms = drawn_by_chance


def fresh(draw: Draw) -> Draw:
    return Draw.objects.with_dossier().get(pk=draw.pk)


def closed_call(context: DemoContext, chance: random.Random) -> Call:
    """Create a closed call with its 1,059 volunteers, of whom a few may not be candidates."""
    Term.objects.filter(pk=context.term.pk).update(candidates_retention_months=18)  # so that there is somebody to show
    context.term.refresh_from_db(fields=["candidates_retention_months"])
    call = Call.objects.create(
        term=context.term,
        state=CallState.CLOSED,
        decision=retell("CD-2025-031"),
        opens_on=story_date("2025-03-01"),
        closes_on=story_date("2025-09-01"),
        closed_on=story_date("2025-09-02"),
        draw_on=DRAWN_ON,
    )
    cantons = {str(canton.number): canton for canton in context.assembly.cantons.all()}
    with POOL.open(encoding="utf-8", newline="") as source:
        facts = list(csv.DictReader(source, delimiter=";"))
    moments = sorted(arrival(call, chance) for _row in facts)
    rows = [
        volunteer(call, cantons[row["canton"]], row, number, moment, chance)
        for number, (row, moment) in enumerate(zip(facts, moments, strict=True), start=1)
    ]
    of_largest = (row for row in rows if row.canton == cantons[LARGEST_CANTON])
    for row, ground in zip(of_largest, INELIGIBLE, strict=False):
        row.state, row.ground = CandidateState.INELIGIBLE, ground
    Candidate.objects.bulk_create(rows)
    return call


def arrival(call: Call, chance: random.Random) -> datetime:
    """Return a moment between the first day of the call and the last."""
    days = (call.closes_on - call.opens_on).days
    return at_hour(call.opens_on, "08:00") + timedelta(days=chance.randrange(days), minutes=chance.randrange(720))


def volunteer(
    call: Call, canton: Canton, row: dict[str, str], number: int, moment: datetime, chance: random.Random
) -> Candidate:
    gender, (youngest, oldest) = row["genre"], AGES[row["âge"]]
    first_name, last_name = chance.choice(WOMEN if gender == "F" else MEN), chance.choice(SURNAMES)
    address = f"{row['foyer']} {STREETS[int(row['foyer']) % len(STREETS)]}"
    city = canton.seat_commune or canton.name
    return Candidate(
        call=call,
        number=number,
        state=CandidateState.ELIGIBLE,
        channel=chance.choice(Channel.values),
        received_at=moment,
        first_name=first_name,
        last_name=last_name,
        sort_name=sort_key(last_name, first_name),
        address=address,
        postcode=canton.postcode,
        household=household_of(address, canton.postcode, city),
        erase_on=erasure_day(call),
        city=city,
        canton=canton,
        gender=gender,
        birth_date=DRAWN_ON - timedelta(days=365.25 * chance.randint(youngest, oldest) + chance.randint(5, 355)),
        occupation=row["profession"],
        email=(email := f"tirage{number}@example.org" if number % 7 else ""),
        confirmed_email=email,
        phone=f"06 39 98 {number // 100:02} {number % 100:02}",
    )


def prepared(context: DemoContext, call: Call) -> Draw:
    """Prepare the draw: quotas with their decision, a trial that shows that they are possible, a place and a day."""
    officer = context.officer
    draw = fresh(actions.begin_draw(call, by=officer))
    lines = [
        QuotaLine(
            line.feature, line.value, *BOUNDS.get(line.feature, {}).get(line.value, (line.minimum, line.maximum))
        )
        for line in quota_lines(draw)
    ]
    decision = retell("Âges et professions : COPIL du 3 novembre 2025.")
    actions.set_quotas(draw, actions.quota_bytes(lines), seats=108, decision=decision, seen=1, by=officer)
    actions.settle(
        fresh(draw),
        by=officer,
        takes_place_at=paris("2025-11-18 14:30"),
        place="Hôtel du Département, Toulouse",
        contest_days=6,
        alternates=2,
        ceiling=None,
    )
    computation.run_computation(computation.ask_trial(fresh(draw), by=officer).pk)
    DRAW.transition(fresh(draw), "check", by=officer)
    return draw


def result(draw: Draw) -> DrawOutcome:
    outcome = outcome_of(draw)
    if outcome is None:
        raise LookupError(f"{draw} was not drawn")
    return outcome


def drawn_mandates(context: DemoContext, draw: Draw) -> list[tuple[str, Candidate, Mandate]]:
    """List each pseudonym that was drawn, with the mandate of its cell that it stands for."""
    mandates: dict[tuple[int, str], list[Mandate]] = {}
    rows = Mandate.objects.filter(term=context.term, seat__isnull=False).select_related("member__person", "seat")
    for mandate in rows.order_by("seat__rank", "pk"):
        mandates.setdefault((mandate.member.canton_id, mandate.member.gender), []).append(mandate)
    entries = draw.pool.entries.select_related("candidate") if draw.pool else []
    drawn = set(result(draw).members)
    return [
        (entry.pseudonym, entry.applicant, free.pop(0))
        for entry in entries
        if entry.pseudonym in drawn
        and (free := mandates.get((entry.applicant.canton_id or 0, entry.applicant.gender), []))
    ]


def take_names_of_members(context: DemoContext, draw: Draw) -> None:
    for _pseudonym, candidate, mandate in drawn_mandates(context, draw):
        person = mandate.member.person
        candidate.first_name, candidate.last_name, candidate.city = person.first_name, person.last_name, person.city
        candidate.postcode = person.postcode or candidate.postcode
        candidate.save()


def seal_and_reveal(context: DemoContext, draw: Draw) -> None:
    """Seal the record, certify it, reveal the names; then link the mandates that the import had written."""
    with at("2025-11-18 15:30"):
        sittings.make_now(ceremony.seal(fresh(draw), by=context.officer))
    witness = User.objects.get(email=f"{Role.WITNESS}{DOMAIN}")
    with at("2025-11-18 16:10"):
        ceremony.certify(
            fresh(draw),
            name="Jean-Luc Mounié",
            office="Étude Mounié, Toulouse",
            reference=retell("2025-1118"),
            file=None,
            by=witness,
        )
    placed = drawn_mandates(context, draw)
    with at("2025-11-18 20:45"):
        ceremony.reveal(fresh(draw), by=context.lead)
    rows = [
        Placement(draw=draw, pseudonym=pseudonym, mandate=mandate, placed_by=context.officer)
        for pseudonym, _candidate, mandate in placed
    ]
    with at("2025-11-29 12:00"):
        Placement.objects.bulk_create(rows)
    with at("2025-12-01 02:30"):
        publish_profile(context.term)
    play_succession(context, draw)
    with at("2026-11-21 02:30"):
        publish_profile(context.term)


LEAVE = (EndReason.MOVED, EndReason.RESIGNED, EndReason.RESIGNED, EndReason.LOST_QUALITY)
RESTING = ("aidants", "lien-social")


def play_succession(context: DemoContext, draw: Draw) -> None:
    draw = fresh(draw)
    alternate_renounces(context, draw)
    for placement, reason in zip(leaving(draw), LEAVE, strict=True):
        with at("2026-11-09 10:00"):
            mandates.end(placement.mandate, by=context.officer, reason=reason, on=story_date("2026-11-09"))
    with at("2026-11-12 14:00"):
        succession.replace_vacated(draw, by=context.officer, answer_deadline=story_date("2026-12-02"))
    called(context, draw)


def leaving(draw: Draw) -> list[Placement]:
    """List four of different cantons whom no other part needs: no account, no case, a group that rests."""
    memberships = CommitteeMembership.objects.filter(committee__term=draw.term_id)
    rows = Placement.objects.filter(draw=draw, mandate__state=MandateState.ACTIVE, mandate__member__person__user=None)
    rows = rows.exclude(mandate__member__person__in=memberships.exclude(committee__slug__in=RESTING).values("person"))
    rows = rows.exclude(mandate__in=AbsenceCase.objects.values("mandate"))
    placements: dict[int, Placement] = {}
    for row in rows.select_related("mandate__term", "mandate__member__person").order_by("-pseudonym"):
        placements.setdefault(row.mandate.member.canton_id, row)
    return list(placements.values())[: len(LEAVE)]


def alternate_renounces(context: DemoContext, draw: Draw) -> None:
    """Withdraw the first alternate of the first seat that falls vacant: the rule passes over them."""
    outcome = outcome_of(draw)
    if outcome is None or draw.pool is None:
        raise LookupError(f"{draw} was not drawn")
    cell = outcome.cell_of(leaving(draw)[0].pseudonym)
    first = next(rank.ids[0] for rank in outcome.ranks if rank.value == cell)
    entry = draw.pool.entries.select_related("candidate__call__term").get(pseudonym=first)
    with at("2026-03-02 11:00"):
        candidates.renounce_for(
            entry.applicant, on=story_date("2026-03-02"), channel=RecordChannel.PHONE, by=context.officer
        )


def called(context: DemoContext, draw: Draw) -> None:
    yes, thinks, silent, no = named(draw)
    officer = context.officer
    with at("2026-11-16 17:30"):
        succession.note_call(yes, by=officer, outcome=CallOutcome.YES)
        mandates.record_step(yes.mandate, "accept", by=officer)
        succession.note_call(silent, by=officer, outcome=CallOutcome.NO_ANSWER, call_again_on=story_date("2026-11-19"))
    with at("2026-11-17 18:00"):
        succession.note_call(thinks, by=officer, outcome=CallOutcome.REACHED)
        succession.note_call(no, by=officer, outcome=CallOutcome.NO)
        mandates.record_step(no.mandate, "decline", by=officer)
    with at("2026-11-18 09:30"):
        succession.replace_vacated(fresh(draw), by=officer, answer_deadline=story_date("2026-12-09"))
    with at("2026-11-20 10:00"):
        mandates.record_step(named(draw)[0].mandate, "activate", by=officer)
    last = named(draw)[-1]
    with at("2026-11-19 18:15"):
        succession.note_call(silent, by=officer, outcome=CallOutcome.NO_ANSWER, call_again_on=story_date("2026-11-24"))
        succession.note_call(last, by=officer, outcome=CallOutcome.LATER, call_again_on=story_date("2026-11-27"))


def named(draw: Draw) -> list[Placement]:
    """List whom the rule named, the first one first."""
    rows = Placement.objects.filter(draw=draw, vacated__isnull=False).order_by("pk")
    return list(rows.select_related("draw", "mandate__term", "mandate__member__person"))
