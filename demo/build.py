"""Parts of the demonstration, in order: each may use the rows of those before it."""

from collections.abc import Callable
from typing import Final

from demo import (
    call,
    committee_meetings,
    draw,
    expenses,
    grants,
    indicators,
    mandates,
    opinions,
    plenaries,
    preparation,
    referrals,
    self_referrals,
    sittings,
    watch,
)
from demo.context import DemoContext, analyze_written_tables, single_transaction
from demo.contracts import make_budget, make_contracts, make_legal
from demo.institution import create_assembly
from demo.partners import make_partners
from demo.portraits import make_portraits
from demo.rooms import make_rooms
from demo.support import make_support
from demo.team import make_people, make_trips, make_views

PARTS: Final[tuple[Callable[[DemoContext], None], ...]] = (
    mandates.seed,
    referrals.seed,
    plenaries.seed,
    committee_meetings.seed,
    referrals.link_agenda_items,
    preparation.review_referral,
    preparation.brief_members,
    referrals.prepare_water,
    self_referrals.seed,
    opinions.begin_health_care,
    plenaries.examine_absences,
    sittings.finish_actions,
    mandates.keep_in_touch,
    make_portraits,
    expenses.seed,
    call.seed,
    draw.seed,
    call.enter_margins,
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
        sittings.mark_remaining_sent(context)
    return context
