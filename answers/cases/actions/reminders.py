"""Automatic reminders of answers: 60, 30 and 7 days before, then every week once late, to the approver too.

Each is a line of the one daily mail of agents, that of the directorates’ reviews.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from answers.cases.enums import AnswerCaseState, AnswerEventKind
from answers.cases.queries import approvers_of, waited_people
from answers.cases.rules import clock_of
from answers.models import AnswerCase
from assembly.audit.actions import record
from assembly.identity.models import User
from consultations.digest import actions as digest

S, K = AnswerCaseState, AnswerEventKind
BEFORE = (60, 30, 7)
WEEK = 7


def stage_of(case: AnswerCase, today: date) -> str:
    """Return the name of the reminder that is due, or an empty string.

    None is due if its day had gone by when the case was assigned.
    """
    if clock_of(case, today).is_stopped:
        return ""
    return stage(case.due_on, today, BEFORE, timezone.localdate(case.assigned_at) if case.assigned_at else None)


def stage(due_on: date, today: date, before: Sequence[int], asked_on: date | None = None) -> str:
    """Return the name of the reminder that is due for this day, or an empty string.

    `before`: so many days ahead, the nearest last; `asked_on`: when it was first asked.
    """
    late = (today - due_on).days
    if late > 0:
        week = (late - 1) // WEEK
        name, day = f"late-{week}", due_on + timedelta(days=1 + WEEK * week)
    else:
        passed = [days for days in before if -late <= days]
        if not passed:
            return ""
        name, day = f"d-{passed[-1]}", due_on - timedelta(days=passed[-1])
    return name if asked_on is None or day > asked_on else ""


def note_due_answers(today: date) -> int:
    """Add today’s reminders to the daily mails and return how many cases are concerned.

    Idempotent: a second run writes nothing more.
    """
    rows = AnswerCase.objects.filter(
        state__in=[S.ASSIGNED, S.SUBMITTED, S.ARBITRATION],
        answered_on=None,
        due_on__lte=today + timedelta(days=BEFORE[0]),
    )
    return sum(note(case, today) for case in rows.with_dossier().order_by("pk"))


@transaction.atomic
def note(case: AnswerCase, today: date) -> bool:
    """Remind those whose turn it is, once for each stage and due day, and journal an escalation to the approvers."""
    name = stage_of(case, today)
    if not name:
        return False
    key = f"answer:{name}:{case.pk}:{case.due_on}:{case.state}"
    recipients = {
        user
        for user, kind in people_of(case, today)
        if digest.add_digest_line(user, kind, case.opinion.referral, key=key, target=case, at=morning_of(today))
    }
    if clock_of(case, today).is_late and not recipients.isdisjoint(approvers_of(case)):
        record("answer.escalated", case, by=None, due_on=case.due_on)
    return True


def morning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def people_of(case: AnswerCase, today: date) -> list[tuple[User, AnswerEventKind]]:
    """List those whose turn it is; from the first day late, the approvers of the lead directorate too."""
    if clock_of(case, today).is_late:
        people = dict.fromkeys([*waited_people(case), *approvers_of(case)])
        return [(user, K.LATE) for user in people]
    kind = K.SIGN if case.state == S.SUBMITTED else K.DUE
    return [(user, kind) for user in waited_people(case)]
