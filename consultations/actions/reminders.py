"""Automatic reminders: ten and three days before the due date, the day after, then to the approver."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from assembly.identity.models import User
from consultations.digest import actions as digest
from consultations.enums import DeskEventKind, ReviewState
from consultations.models import DirectorateReview
from consultations.queries.desk import contacts_of, signers_of


@dataclass(frozen=True)
class ReminderStage:
    """A stage of the reminders, from `first` days after the due date until the next stage."""

    name: str
    first: int
    kind: DeskEventKind


STEPS = (
    ReminderStage("d-10", -10, DeskEventKind.REMINDER),
    ReminderStage("d-3", -3, DeskEventKind.REMINDER),
    ReminderStage("d+1", 1, DeskEventKind.REMINDER),
    ReminderStage("d+3", 3, DeskEventKind.ESCALATED),
)


def step_of(review: DirectorateReview, today: date) -> ReminderStage | None:
    """Return the reminder that is due now; None if its day had passed when the review was asked."""
    past = [step for step in STEPS if review.due_on + timedelta(days=step.first) <= today]
    if not past:
        return None
    day = review.due_on + timedelta(days=past[-1].first)
    return past[-1] if day > timezone.localdate(review.asked_at) else None


def note_all(today: date) -> int:
    """Put today's reminders in the daily mails; idempotent. Returns the number of reviews."""
    soon = today - timedelta(days=STEPS[0].first)
    rows = DirectorateReview.objects.open().filter(due_on__lte=soon).select_related("referral", "directorate")
    return sum(note(review, today) for review in rows.order_by("pk"))


@transaction.atomic
def note(review: DirectorateReview, today: date) -> bool:
    """Remind those who must act on the review, once for each step and due date; return whether a step is due."""
    step = step_of(review, today)
    if step is None:
        return False
    morning = timezone.make_aware(datetime.combine(today, time.min))
    key = f"{step.name}:{review.pk}:{review.due_on}"
    for user, kind in people_of(review, step):
        digest.add_digest_line(user, kind, review.referral, key=key, review=review, at=morning)
    return True


def people_of(review: DirectorateReview, step: ReminderStage) -> list[tuple[User, DeskEventKind]]:
    """Return the contacts while the text is due, the signers for a visa; from the third day late the approvers too."""
    if review.state == ReviewState.SUBMITTED:
        kind = step.kind if step.kind == DeskEventKind.ESCALATED else DeskEventKind.TO_VALIDATE
        return [(user, kind) for user in signers_of(review)]
    if step.kind != DeskEventKind.ESCALATED:
        return [(user, step.kind) for user in contacts_of(review.directorate_id)]
    approvers = signers_of(review)
    approver_ids = {user.pk for user in approvers}
    others = [user for user in contacts_of(review.directorate_id) if user.pk not in approver_ids]
    return [(user, step.kind) for user in approvers] + [(user, DeskEventKind.REMINDER) for user in others]
