"""Automatic requests for updates: 14 and 3 days before, then every week once late, to the approver too.

Each is a line of the one daily mail of agents, next to those of the answers.
"""

from datetime import date, timedelta

from django.db import transaction

from answers.cases.actions.reminders import morning_of, stage
from answers.enums import UpdateEventKind
from answers.models import FollowUp
from answers.queries.people import approvers_in_charge, update_writers_of
from answers.rules.follow_up import late_days
from assembly.audit.actions import record
from assembly.identity.models import User
from consultations.digest import actions as digest

BEFORE = (14, 3)
SOON = BEFORE[0]


def is_near(due_on: date, today: date) -> bool:
    """Return whether an update is late, or due so soon that its agents are reminded."""
    return (due_on - today).days <= SOON


def note_due_updates(today: date) -> int:
    """Add today’s lines to the daily mails and return how many follow-ups are concerned.

    Idempotent: a second run writes nothing more.
    """
    rows = FollowUp.objects.open().filter(update_due_on__lte=today + timedelta(days=SOON))
    return sum(note(row, today) for row in rows.with_dossier().order_by("pk"))


@transaction.atomic
def note(row: FollowUp, today: date) -> bool:
    """Add the lines of one follow-up, once for each stage and due day, and journal an escalation to the approvers."""
    name = stage(row.update_due_on, today, BEFORE) if row.update_due_on else ""
    if not name:
        return False
    kind, people = people_of(row, today)
    key = f"update:{name}:{row.pk}:{row.update_due_on}"
    recipients = {
        user
        for user in people
        if digest.add_digest_line(user, kind, row.case.opinion.referral, key=key, target=row, at=morning_of(today))
    }
    if late_days(row, today) and not recipients.isdisjoint(approvers_in_charge(row)):
        record("follow_up.escalated", row, by=None, dossier=row.case, due_on=row.update_due_on)
    return True


def people_of(row: FollowUp, today: date) -> tuple[UpdateEventKind, list[User]]:
    """Return the kind of line and its recipients; from the first day late they include the approvers."""
    if not late_days(row, today):
        return UpdateEventKind.DUE, update_writers_of(row)
    return UpdateEventKind.LATE, list(dict.fromkeys([*update_writers_of(row), *approvers_in_charge(row)]))
