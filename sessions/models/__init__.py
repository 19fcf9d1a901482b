from sessions.agenda.models import AgendaDocument, AgendaItem
from sessions.attendance.models import AbsenceCase
from sessions.decisions.models import Ballot
from sessions.expenses.models import ExpenseBatch, ExpenseClaim, ExpenseLine, ExpenseRate
from sessions.minutes.models import Correction, Minutes, MinutesSection, SectionRevision, Visa
from sessions.models.attendance import Attendance
from sessions.models.decision import ActionItem, Decision
from sessions.models.notes import ItemNote
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
