from sessions.models.absence import AbsenceCase
from sessions.models.agenda import AgendaDocument, AgendaItem
from sessions.models.attendance import Attendance
from sessions.models.ballot import Ballot
from sessions.models.decision import ActionItem, Decision
from sessions.models.expense import ExpenseBatch, ExpenseClaim, ExpenseLine, ExpenseRate
from sessions.models.minutes import Correction, Minutes, MinutesSection, SectionRevision, Visa
from sessions.models.notes import ItemNote
from sessions.models.sitting import CalendarFeed, Invitee, Notice, Sitting, SittingTemplate

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
