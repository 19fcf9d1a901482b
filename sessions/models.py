from sessions.agenda.models import AgendaDocument, AgendaItem
from sessions.attendance.models import AbsenceCase, Attendance
from sessions.decisions.models import ActionItem, Ballot, Decision
from sessions.expenses.models import ExpenseBatch, ExpenseClaim, ExpenseLine, ExpenseRate
from sessions.minutes.models import Correction, ItemNote, Minutes, MinutesSection, SectionRevision, Visa
from sessions.sittings.models import CalendarFeed, Invitee, Notice, Sitting, SittingTemplate

__all__ = [
    "AbsenceCase",
    "ActionItem",
    "AgendaDocument",
    "AgendaItem",
    "Attendance",
    "Ballot",
    "CalendarFeed",
    "Correction",
    "Decision",
    "ExpenseBatch",
    "ExpenseClaim",
    "ExpenseLine",
    "ExpenseRate",
    "Invitee",
    "ItemNote",
    "Minutes",
    "MinutesSection",
    "Notice",
    "SectionRevision",
    "Sitting",
    "SittingTemplate",
    "Visa",
]
