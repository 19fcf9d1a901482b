"""Plenaries missed in a row: the rolls raised the alerts; one person was written to, one alert was dismissed."""

from demo.clock import at
from demo.context import DemoContext
from sessions.attendance import actions as attendance
from sessions.attendance.enums import AbsenceCaseState
from sessions.attendance.mails import proposed_warning
from sessions.attendance.workflow import ABSENCE
from sessions.models import AbsenceCase


def seed(context: DemoContext) -> None:
    """Warn one person and dismiss one alert; the others still need a decision."""
    rows = AbsenceCase.objects.filter(mandate__term=context.term, state=AbsenceCaseState.RAISED)
    rows = rows.exclude(mandate__member__person=context.users["member"].person)
    cases = list(rows.select_related("mandate__member__person", "mandate__term__assembly", "since").order_by("pk"))
    with at("2026-10-07 10:00"):
        attendance.warn_member(cases[0], text=proposed_warning(cases[0]), by=context.officer)
        reason = "Appelée le 6 octobre : garde de nuit ces deux samedis, elle vient le 5 décembre."
        ABSENCE.transition(cases[1], "dismiss", by=context.officer, reason=reason)
