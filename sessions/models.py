from sessions.agenda.models import AgendaDocument, AgendaItem, AgendaKind
from sessions.attendance.models import AbsenceCase, AbsenceCaseState, Attendance, PresenceMode
from sessions.decisions.models import (
    ActionItem,
    Ballot,
    BallotMethod,
    BallotResult,
    BallotState,
    Decision,
    DecisionMode,
)
from sessions.expenses.models import ExpenseBatch, ExpenseClaim, ExpenseKind, ExpenseLine, ExpenseRate, ExpenseState
from sessions.minutes.models import (
    Correction,
    CorrectionState,
    ItemNote,
    Minutes,
    MinutesKind,
    MinutesSection,
    MinutesState,
    MinutesVisaCapacity,
    RevisionKind,
    SectionRevision,
    Visa,
)
from sessions.sittings.models import (
    Absence,
    CalendarFeed,
    Invitee,
    Notice,
    NoticeKind,
    Reply,
    Sitting,
    SittingKind,
    SittingState,
    SittingTemplate,
    Via,
)
