"""November 2026: four members leave, the written rule names others, and the team calls those whom it named.

Played after the seal of the draw, because the rule needs its result: one said yes, one thinks it over, one is to be
called again, one said no and the next of the cell was named.
"""

from datetime import date

from assembly.institution.models import CommitteeMembership
from demo.clock import at
from demo.context import DemoContext
from draws.candidates import actions as candidates
from draws.draws.queries.draw import outcome_of
from draws.models import Draw, Placement
from draws.succession import actions as succession
from draws.succession.models import CallOutcome
from members.actions import mandates
from members.enums import EndReason, MandateState, RecordChannel
from sessions.models import AbsenceCase

LEAVE = (EndReason.MOVED, EndReason.RESIGNED, EndReason.RESIGNED, EndReason.LOST_QUALITY)
RESTING = ("aidants", "lien-social")


def seed(context: DemoContext, draw: Draw) -> None:
    draw = fresh(draw)
    alternate_renounces(context, draw)
    for placement, reason in zip(leaving(draw), LEAVE, strict=True):
        with at("2026-11-09 10:00"):
            mandates.end(placement.mandate, by=context.officer, reason=reason, on=date(2026, 11, 9))
    with at("2026-11-12 14:00"):
        succession.replace_vacated(draw, by=context.officer, answer_deadline=date(2026, 12, 2))
    called(context, draw)


def fresh(draw: Draw) -> Draw:
    return Draw.objects.with_dossier().get(pk=draw.pk)


def leaving(draw: Draw) -> list[Placement]:
    """List four of different cantons whom no other part needs: no account, no case, a group without meetings."""
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
        candidates.renounce_for(entry.applicant, on=date(2026, 3, 2), channel=RecordChannel.PHONE, by=context.officer)


def called(context: DemoContext, draw: Draw) -> None:
    yes, thinks, silent, no = named(draw)
    officer = context.officer
    with at("2026-11-16 17:30"):
        succession.note_call(yes, by=officer, outcome=CallOutcome.YES)
        mandates.record_step(yes.mandate, "accept", by=officer)
        succession.note_call(silent, by=officer, outcome=CallOutcome.NO_ANSWER, call_again_on=date(2026, 11, 19))
    with at("2026-11-17 18:00"):
        succession.note_call(thinks, by=officer, outcome=CallOutcome.REACHED)
        succession.note_call(no, by=officer, outcome=CallOutcome.NO)
        mandates.record_step(no.mandate, "decline", by=officer)
    with at("2026-11-18 09:30"):
        succession.replace_vacated(fresh(draw), by=officer, answer_deadline=date(2026, 12, 9))
    with at("2026-11-20 10:00"):
        mandates.record_step(named(draw)[0].mandate, "activate", by=officer)
    last = named(draw)[-1]
    with at("2026-11-19 18:15"):
        succession.note_call(silent, by=officer, outcome=CallOutcome.NO_ANSWER, call_again_on=date(2026, 11, 24))
        succession.note_call(last, by=officer, outcome=CallOutcome.LATER, call_again_on=date(2026, 11, 27))


def named(draw: Draw) -> list[Placement]:
    """List whom the rule named, the first one first."""
    rows = Placement.objects.filter(draw=draw, vacated__isnull=False).order_by("pk")
    return list(rows.select_related("draw", "mandate__term", "mandate__member__person"))
