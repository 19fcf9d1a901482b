"""Who writes and seals a progress report, and which period the next one covers."""

from datetime import date, timedelta
from typing import Any

from answers.models import ProgressReport
from assembly.identity.personal_data import months_later
from assembly.institution.models import Term
from assembly.institution.rules import is_lead, is_team

MONTHS, MOST = 6, 12


def can_write_report(user: Any, term: Term | int) -> bool:
    return is_team(user, term)


def can_seal_report(user: Any, report: ProgressReport) -> bool:
    return is_lead(user, report.term_id)


def proposed_end(starts_on: date) -> date:
    """Return the last day of the six months that begin then."""
    return months_later(starts_on, MONTHS) - timedelta(days=1)


def last_end(starts_on: date) -> date:
    """Return the last day that a report that begins then may cover."""
    return months_later(starts_on, MOST) - timedelta(days=1)
