"""Parts of the demonstration, in order: each may use the rows of those before it."""

from collections.abc import Callable
from typing import Final

from demo.consultations import briefing, preparation, referrals, self_referrals, water
from demo.context import DemoContext
from demo.draws import call, draw, population
from demo.institution.assembly import create_assembly
from demo.members import alumni, mandates
from demo.mission import grants, indicators, watch
from demo.mission.budget import make_budget
from demo.mission.contracts import make_contracts
from demo.mission.legal import make_legal
from demo.mission.partners import make_partners
from demo.mission.people import make_people
from demo.mission.rooms import make_rooms
from demo.mission.support import make_support
from demo.mission.team import make_trips
from demo.mission.views import make_views
from demo.opinions import health_care
from demo.sittings import absences, committee_meetings, expenses, operations, plenaries
from demo.transaction import analyze_written_tables, single_transaction

PARTS: Final[tuple[Callable[[DemoContext], None], ...]] = (
    mandates.seed,
    referrals.seed,
    plenaries.seed,
    committee_meetings.seed,
    referrals.link_agenda_items,
    preparation.seed,
    briefing.seed,
    water.seed,
    self_referrals.seed,
    health_care.seed,
    absences.seed,
    alumni.seed,
    expenses.seed,
    call.seed,
    draw.seed,
    population.seed,
    make_contracts,
    make_budget,
    make_rooms,
    watch.seed,
    grants.make_grants,
    make_support,
    make_partners,
    make_legal,
    make_people,
    make_trips,
    indicators.seed,
    make_views,
)


def build() -> DemoContext:
    """Fill an empty database, all or nothing."""
    with single_transaction():
        context = create_assembly()
        for part in PARTS:
            part(context)
            analyze_written_tables()
        operations.mark_remaining_sent(context)
    return context
