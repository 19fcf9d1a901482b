from sessions.models.agenda import AgendaDocument, AgendaItem
from sessions.models.attendance import Attendance
from sessions.models.ballot import Ballot
from sessions.models.decision import ActionItem, Decision
from sessions.models.minutes import Correction, Minutes, MinutesSection, SectionRevision, Visa
from sessions.models.notes import ItemNote
from sessions.models.sitting import CalendarFeed, Invitee, Notice, Sitting, SittingTemplate

__all__ = [
    "ActionItem",
    "AgendaDocument",
    "AgendaItem",
    "Attendance",
    "Ballot",
    "CalendarFeed",
    "Correction",
    "Decision",
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
