"""Updates asked without anybody thinking of it: 14 and 3 days before, then every week once late, to the approver too.

Each is a line of the one daily mail of agents, beside those of the answers.
"""

from datetime import date, timedelta

from django.db import transaction

from answers.actions.reminders import morning_of, stage
from answers.models import FollowUp
from answers.queries.people import approvers_in_charge, tellers_of
from answers.rules.follow_up import late_days
from assembly.audit.actions import record
from assembly.identity.models import User
from consultations.actions import digest
from consultations.enums import DeskEventKind

BEFORE = (14, 3)
SOON = BEFORE[0]


def is_near(due_on: date, today: date) -> bool:
    """Late, or due so soon that its agents are told."""
    return (due_on - today).days <= SOON


def note_due_updates(today: date) -> int:
    """Put today's lines in the daily mails; run again, nothing more is written. Returns how many follow-ups."""
    rows = FollowUp.objects.open().filter(update_due_on__lte=today + timedelta(days=SOON))
    return sum(note(row, today) for row in rows.with_dossier().order_by("pk"))


@transaction.atomic
def note(row: FollowUp, today: date) -> bool:
    """One follow-up: its agents are told, once for each stage and due day; the journal says what is escalated."""
    name = stage(row.update_due_on, today, BEFORE) if row.update_due_on else ""
    if not name:
        return False
    kind, people = people_of(row, today)
    key = f"update:{name}:{row.pk}:{row.update_due_on}"
    told = {
        user
        for user in people
        if digest.tell(user, kind, row.file.opinion.referral, key=key, subject=row, at=morning_of(today))
    }
    if late_days(row, today) and not told.isdisjoint(approvers_in_charge(row)):
        record("follow_up.escalated", row, by=None, dossier=row.file, due_on=row.update_due_on)
    return True


def people_of(row: FollowUp, today: date) -> tuple[DeskEventKind, list[User]]:
    """Who tells how it goes; from the first day late, the approvers of the directorate too."""
    if not late_days(row, today):
        return DeskEventKind.UPDATE_DUE, tellers_of(row)
    return DeskEventKind.UPDATE_LATE, list(dict.fromkeys([*tellers_of(row), *approvers_in_charge(row)]))
