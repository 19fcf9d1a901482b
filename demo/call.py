"""The call of the third assembly, open in November 2026: its first volunteers, by every channel and in every state.

Real cantons, invented people (domain.md D5): a cell with few, an elected person, a minor, two at one address, one who
applied twice. The shares of inhabitants by gender and occupation are invented, as their source states.
"""

import random
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assembly.institution.actions import assemblies, roles
from assembly.institution.models import Canton, Role, Term
from assembly.institution.rules import invalidate_roles
from demo.context import DemoContext, at
from demo.days import paris, retell, story_date
from demo.make_members import CANTONS, MEN, STREETS, SURNAMES, WOMEN
from draws.calls import actions as calls
from draws.calls.workflow import CALL
from draws.candidates import actions as candidates
from draws.models import Call, Candidate, CandidateState, Channel, Ground, Occupation
from draws.representation.actions import import_margins
from members.mandates import actions as mandates

SEED, VOLUNTEERS = 32, 54
SHORT = "Bagnères-de-Luchon"
CHANNELS = (Channel.WEB, Channel.WEB, Channel.MARKET, Channel.WEB, Channel.PAPER)


def seed(context: DemoContext) -> None:
    """Create the term, open its call on 2 November 2026, add volunteers and begin to examine them."""
    chance = random.Random(SEED)  # noqa: S311 -- the same invented people each time
    with at("2026-11-02 09:00"):
        call = open_call(context)
    rows = []
    for number in range(VOLUNTEERS):
        with at(paris("2026-11-03 08:30") + timedelta(hours=9 * number)):
            rows.append(volunteer(context, call, chance, number))
    with at("2026-11-23 18:00"):
        special(context, call, chance)
    with at("2026-11-24 10:00"):
        examine(context, call)


def open_call(context: DemoContext) -> Call:
    lead, officer = context.lead, context.officer
    term = assemblies.create_term(
        context.assembly,
        by=lead,
        number=3,
        name=retell("Troisième Assemblée, 2027-2029"),
        starts_on=story_date("2027-09-25"),
        ends_on=story_date("2029-06-30"),
        seats=108,
    )
    roles.give(officer, Role.OFFICER, by=lead, term=term)
    for user in (lead, officer):
        invalidate_roles(user)
    Term.objects.filter(pk=term.pk).update(decision_reference=retell("CD-2026-118"))
    term.refresh_from_db()
    mandates.create_seats(term, by=lead, women=2, men=2, unconditional=0)
    call = calls.prepare(
        term,
        by=lead,
        decision=retell("CD-2026-118"),
        opens_on=story_date("2026-11-02"),
        closes_on=story_date("2027-03-31"),
        draw_on=story_date("2027-04-19"),
        minimum_age=16,
        excluded_grounds=list(Ground.values),
        split_communes="Toulouse",
    )
    CALL.transition(call, "open", by=lead)
    return call


def typed(call: Call, chance: random.Random, number: int) -> dict[str, Any]:
    """Return the fields of one application; few men apply in the mountains."""
    near = number % 6 < 5  # most volunteers live where the stands were
    name, communes = CANTONS[number % 3 if near else number // 2 % len(CANTONS)]
    gender = "F" if name == SHORT or number % 2 else "M"
    first_name = chance.choice(WOMEN if gender == "F" else MEN)
    last_name = chance.choice(SURNAMES)
    city, postcode = chance.choice(communes)
    return {
        "first_name": first_name,
        "last_name": last_name,
        "birth_date": date(2027 - chance.randint(19, 84), chance.randint(1, 12), chance.randint(1, 28)),
        "gender": gender,
        "occupation": chance.choice(Occupation.values),
        "address": f"{number + 2} {chance.choice(STREETS)}",
        "postcode": postcode,
        "city": city,
        "canton": Canton.objects.get(assembly=call.term.assembly_id, name=name),
        "email": f"volontaire{number}@example.org",
        "phone": f"06 39 98 3{number // 10} {number % 10:02}",
        "wants_news": number % 5 == 0,
        "needs": ["childcare"] if number % 17 == 3 else ["sign_language"] if number == 20 else [],
    }


def volunteer(context: DemoContext, call: Call, chance: random.Random, number: int) -> Candidate:
    values, channel = typed(call, chance, number), CHANNELS[number % len(CHANNELS)]
    if channel != Channel.WEB:
        return candidates.enter_by_hand(call, values | {"email": ""}, channel=channel, by=context.officer)
    row = candidates.apply(call, values, ip=f"198.51.100.{number}")
    if number % 13:
        candidates.confirm_candidature(row)
    return row


def special(context: DemoContext, call: Call, chance: random.Random) -> None:
    """Add the applications that an officer must look at."""
    values = typed(call, chance, 100)
    known = Candidate.objects.filter(call=call, state=CandidateState.SUBMITTED).exclude(email="").order_by("number")
    first = known[0]
    again = {name: getattr(first, name) for name in candidates.FIELDS if not name.startswith("guardian")}
    minor = {
        "birth_date": timezone.localdate() - timedelta(days=17 * 365),
        "guardian_name": "Odile Izard",
        "guardian_email": "odile.izard@example.org",
    }
    home = {name: getattr(known[1], name) for name in candidates.HOME}
    toulouse = {"city": "Toulouse", "postcode": "31000", "canton": None}
    for number, changed in enumerate((again, minor, home, toulouse)):
        facts = (
            values | {"email": f"volontaire{100 + number}@example.org", "address": f"{number} rue du Pont"} | changed
        )
        candidates.confirm_candidature(candidates.apply(call, facts, ip=f"198.51.100.{100 + number}"))


def examine(context: DemoContext, call: Call) -> None:
    """Examine a third by two people, another third by one; refuse an elected person, who is notified."""
    rows = Candidate.objects.filter(call=call, state=CandidateState.SUBMITTED, is_canton_checked=True)
    rows = rows.exclude(canton=None).select_related("call__term").order_by("number")
    elected, *others = list(rows[:36])
    for by in (context.officer, context.lead):
        candidates.reject(elected, ground=Ground.ELECTED, by=by)
    for index, row in enumerate(others):
        candidates.admit(row, by=context.officer)
        if index % 2:
            candidates.admit(row, by=context.lead)
    if elected.email:
        candidates.send_decision(elected, by=context.lead)


CENSUS_DAY = date(2021, 1, 1)  # of the real census: it does not move with the story
SHARES = {
    "gender": {"F": 0.512, "M": 0.488},
    "occupation": {
        "agriculteur": 0.006,
        "artisan_chef": 0.041,
        "cadre": 0.158,
        "intermediaire": 0.162,
        "employe": 0.143,
        "ouvrier": 0.098,
        "retraite": 0.234,
        "sans_activite": 0.158,
    },
}


def enter_margins(context: DemoContext) -> None:
    with at("2026-11-04 09:00"):
        source = "chiffres fictifs, inventés pour la démonstration"
        import_margins(context.term, SHARES, source=source, dated_on=CENSUS_DAY, by=context.officer)
