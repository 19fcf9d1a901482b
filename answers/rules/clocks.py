"""The clock of an answer, in one place: pure functions of a case, a term and the present day in Paris.

Days are calendar days in Paris: the night of the clock change is a day like any other, and so is the 29th of February.
The clock starts on the day of the handover, which counts as day 0, and stops on the day of the first published answer:
a revision does not start it again.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from answers.enums import AnswerCaseState
from answers.models import AnswerCase
from assembly.institution.models import Term


@dataclass(frozen=True)
class Clock:
    """Days since the handover, days left, days late; one of the last two is always 0.

    `is_stopped`: answered, or cancelled; no day is left then. `since` and `late` of an answered case are those of the
    day on which it was answered.
    """

    since: int
    left: int
    late: int
    is_stopped: bool

    @property
    def is_late(self) -> bool:
        return self.late > 0


def due_day(opened_on: date, term: Term) -> date:
    """Return the day by which the council answers what was handed over that day: the rule of the term."""
    return opened_on + timedelta(days=term.answer_days)


def clock_of(case: AnswerCase, today: date) -> Clock:
    """Return the clock on that day, in Paris (`timezone.localdate()`)."""
    is_stopped = case.answered_on is not None or case.state == AnswerCaseState.CANCELLED
    day = case.answered_on or today
    margin = (case.due_on - day).days
    return Clock(
        since=(day - case.opened_on).days,
        left=0 if is_stopped else max(margin, 0),
        late=0 if case.state == AnswerCaseState.CANCELLED else max(-margin, 0),
        is_stopped=is_stopped,
    )


def redated(case: AnswerCase, on: date, term: Term) -> tuple[date, date]:
    """Return the first and the last day once the day of the handover is corrected.

    A last day that was changed by hand stays, unless it would come before the handover.
    """
    due = max(case.due_on, on) if case.due_reason else due_day(on, term)
    return on, due
