"""Requests of the team to directorates: reviews, dates, supplements, reminders, end; the note of their answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.pdf.sanitizer import clean_html
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.registry import kinds
from assembly.web.versioned import Versioned
from assembly.workflow import Transition
from assembly.workflow.locks import share
from consultations.digest import actions as digest
from consultations.digest.models import DeskEventKind
from consultations.models import DirectorateReview, Referral, ReferralDirectorate, ReviewEdition, ScopingNote
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.reviews import rules
from consultations.reviews.mails import MORE_ASKED, TO_SIGN
from consultations.reviews.models import EditionKind, ReviewKind, ReviewState
from consultations.reviews.queries import compose_note, contacts_of, followers_of, signers_of
from consultations.reviews.workflow import REVIEW


def format_stamp(moment: datetime) -> str:
    """Format a moment as a part of a key."""
    return f"{moment:%Y%m%d%H%M%S%f}"


def notify_contacts(review: DirectorateReview, kind: DeskEventKind, key: str) -> None:
    for user in contacts_of(review.directorate_id):
        digest.add_digest_line(user, kind, review.referral, key=key, review=review)


def notify_followers(review: DirectorateReview, kind: DeskEventKind, key: str) -> None:
    for user in followers_of(review.referral, review):
        digest.add_digest_line(user, kind, review.referral, key=key, review=review)


def check_future(due_on: date) -> date:
    if due_on < timezone.localdate():
        raise ValidationError(_("Choisissez une date à venir."), code="due_on")
    return due_on


def check_at_work(directorates: Iterable[Directorate]) -> None:
    """Raise ValidationError if one is closed: nobody would answer. A share lock keeps them open until the commit."""
    for row in sorted(directorates, key=lambda one: one.pk):
        current = share(Directorate.objects.filter(pk=row.pk))
        if current is None or current.closed_on:
            message = _("Cette direction est close : choisissez celle qui la remplace.")
            raise ValidationError(message, code="directorate")


def name_directorate(referral: Referral, directorate: Directorate, *, by: User | None) -> None:
    """Name a directorate that is asked in the referral, so that its agents may read it."""
    _row, is_new = ReferralDirectorate.objects.get_or_create(referral=referral, directorate=directorate)
    if is_new:
        record("referral.directorate_named", referral, by=by, directorate=directorate.pk)


@transaction.atomic
def ask(
    referral: Referral,
    directorates: Iterable[Directorate],
    *,
    due_on: date,
    message: str = "",
    kind: ReviewKind = ReviewKind.SCOPING,
    by: User,
) -> list[DirectorateReview]:
    """Ask several directorates for the same review; one that already has this request is left as it is."""
    REFERRAL.require(referral, "ask_reviews", by=by)
    return request(referral, directorates, due_on=due_on, message=message, kind=kind, by=by)


def request(
    referral: Referral, directorates: Iterable[Directorate], *, due_on: date, message: str, kind: ReviewKind, by: User
) -> list[DirectorateReview]:
    """Ask as `ask` does, for a caller that checked the right and locked the referral, such as the step `issue`."""
    check_future(due_on)
    unique_directorates = list(dict.fromkeys(directorates))
    check_at_work(unique_directorates)
    if any(row.assembly_id != referral.term.assembly_id for row in unique_directorates):
        raise ValidationError(_("Choisissez une direction de cette assemblée."), code="directorate")
    asked = set(
        DirectorateReview.objects.filter(referral=referral, kind=kind)
        .exclude(state__in=ReviewState.tagged("inactive"))
        .values_list("directorate_id", flat=True)
    )
    return [
        _ask_one(referral, directorate, due_on=due_on, message=message, kind=kind, by=by)
        for directorate in unique_directorates
        if directorate.pk not in asked
    ]


def _ask_one(
    referral: Referral, directorate: Directorate, *, due_on: date, message: str, kind: ReviewKind, by: User
) -> DirectorateReview:
    name_directorate(referral, directorate, by=by)
    review = DirectorateReview.objects.create(
        referral=referral,
        directorate=directorate,
        kind=kind,
        message=message.strip(),
        due_on=due_on,
        asked_at=timezone.now(),
        asked_by=by,
    )
    record("review.asked", review, by=by, dossier=referral, directorate=directorate.pk, due_on=due_on)
    notify_contacts(review, DeskEventKind.ASKED, f"asked:{review.pk}")
    return review


@REVIEW.action("change_due")
@transaction.atomic
def change_due(review: DirectorateReview, due_on: date, *, reason: str, by: User) -> None:
    """Set another due date, with the reason that the directorate reads."""
    REVIEW.require(review, "change_due", by=by)
    facts = {"before": review.due_on, "after": check_future(due_on)}
    REVIEW.transition(review, "change_due", by=by, reason=reason, facts=facts, due_on=due_on)
    notify_contacts(review, DeskEventKind.DUE_CHANGED, f"due:{review.pk}:{format_stamp(timezone.now())}")


@REVIEW.action("remind")
@transaction.atomic
def remind(review: DirectorateReview, *, by: User) -> None:
    """Add a line to the next daily mail of those who must act: the contacts, or the signers for a visa.

    Raises ValidationError for the second time of a day.
    """
    REVIEW.transition(review, "remind", by=by, facts={"due_on": review.due_on})
    key = f"relaunched:{review.pk}:{timezone.localdate()}"
    if review.state == ReviewState.SUBMITTED:
        notify_signers(review, DeskEventKind.TO_VALIDATE, key)
    else:
        notify_contacts(review, DeskEventKind.REMINDER, key)


def notify_signers(review: DirectorateReview, kind: DeskEventKind, key: str) -> None:
    for user in signers_of(review):
        digest.add_digest_line(user, kind, review.referral, key=key, review=review)


def ask_visa(review: DirectorateReview, *, reason: str = "", by: User) -> None:
    """Mail at once whoever gives the visa that is due now; `reason`: why the answer had been sent back."""
    sent = ReviewEdition.objects.filter(review=review, kind=EditionKind.SUBMITTED).count()
    key = f"{TO_SIGN}:{review.pk}:{sent}:{review.visa_level_id or 'last'}"
    write_now(TO_SIGN, review, signers_of(review), reason=reason, by=by, key=key)


def write_now(kind: str, review: DirectorateReview, users: Iterable[User], *, reason: str, by: User, key: str) -> None:
    """Mail `users` without waiting for the morning, except `by`; the same `key` is sent once."""
    people = [Recipient(user.person, {"reason": reason}) for user in users if user.pk != by.pk]
    if people:
        title = f"{kinds[kind].label}, {review.referral.reference or _('sujet proposé')}"
        distribute(kind, review, people, by=by, title=title, key=key, term=review.referral.term, letter=False)


@REVIEW.action("ask_supplement")
@transaction.atomic
def ask_supplement(review: DirectorateReview, *, reason: str, due_on: date, by: User) -> None:
    """Ask at once for a supplement to an answer that was given; the given text stays readable."""
    successor_columns = columns_of_successor(review.directorate)
    check_at_work([successor_columns.get("directorate", review.directorate)])
    facts = {"due_on": check_future(due_on)}
    REVIEW.transition(review, "ask_supplement", by=by, reason=reason, facts=facts, due_on=due_on, **successor_columns)
    if successor_columns:
        name_directorate(review.referral, review.directorate, by=by)
    key = f"{MORE_ASKED}:{review.pk}:{format_stamp(timezone.now())}"
    write_now(MORE_ASKED, review, contacts_of(review.directorate_id), reason=review.supplement, by=by, key=key)


def columns_of_successor(directorate: Directorate) -> dict[str, Directorate]:
    """Return the columns that change when the directorate was closed: its last successor answers."""
    seen, current = {directorate.pk}, directorate
    while current.closed_on and current.successor and current.successor_id not in seen:
        current = current.successor
        seen.add(current.pk)
    return {} if current.pk == directorate.pk else {"directorate": current, "inherited_from": directorate}


def has_live_request(referral: Referral, directorate: Directorate, kind: str, *, but: int = 0) -> bool:
    """Return whether the directorate answers, or answered, the same request; `but`: the key of one left out."""
    rows = DirectorateReview.objects.filter(referral=referral, directorate=directorate, kind=kind)
    return rows.exclude(state__in=ReviewState.tagged("inactive")).exclude(pk=but).exists()


@REVIEW.action("ask_again")
@transaction.atomic
def ask_again(review: DirectorateReview, *, due_on: date, message: str = "", by: User) -> None:
    """Ask once more a directorate that sent the request back, or whose request was closed."""
    REVIEW.require(review, "ask_again", by=by)
    successor_columns = columns_of_successor(review.directorate)
    directorate = successor_columns.get("directorate", review.directorate)
    check_at_work([directorate])
    if has_live_request(review.referral, directorate, review.kind, but=review.pk):
        raise ValidationError(_("Cette direction a déjà une demande en cours sur cette saisine."), code="asked")
    changes: dict[str, Any] = {
        "due_on": check_future(due_on),
        "message": message.strip() or review.message,
        **successor_columns,
    }
    REVIEW.transition(review, "ask_again", by=by, facts={"due_on": due_on}, **changes)
    name_directorate(review.referral, review.directorate, by=by)
    notify_contacts(review, DeskEventKind.ASKED, f"asked:{review.pk}:{format_stamp(timezone.now())}")


@REVIEW.action("close")
@transaction.atomic
def close(review: DirectorateReview, *, reason: str, by: User) -> None:
    """Close a request without an answer and notify the directorate."""
    notify_closed(review, REVIEW.transition(review, "close", by=by, reason=reason))


def close_with_notice(review: DirectorateReview, *, reason: str, by: User | None) -> None:
    """Close a request because of another fact: its referral stops, or its directorate is closed."""
    notify_closed(review, REVIEW.follow(review, "close", by=by, reason=reason))


def notify_closed(review: DirectorateReview, taken: Transition) -> None:
    """Notify those who were working on the request."""
    key = f"closed:{review.pk}:{format_stamp(timezone.now())}"
    notify_contacts(review, DeskEventKind.CLOSED, key)
    if taken.before == ReviewState.SUBMITTED:
        notify_signers(review, DeskEventKind.CLOSED, key)


@transaction.atomic
def close_all(referral: Referral, *, reason: str, by: User) -> int:
    """Close every open request of a referral that stops, with notice; the caller has checked the right to stop it."""
    rows = DirectorateReview.objects.filter(referral=referral).open().select_related("directorate", "referral")
    reviews = list(rows.order_by("pk"))
    for review in reviews:
        close_with_notice(review, reason=reason, by=by)
    return len(reviews)


@transaction.atomic
def move_to(referral: Referral, target: Referral, *, by: User) -> int:
    """Close the open requests of a merged referral, with notice; its directorates may read the target."""
    named = ReferralDirectorate.objects.filter(referral=referral).select_related("directorate")
    for row in named:
        name_directorate(target, row.directorate, by=by)
    reason = _("La saisine est réunie avec %(other)s.") % {"other": target.reference or target.title}
    return close_all(referral, reason=reason, by=by)


@dataclass(frozen=True)
class ReminderStage:
    """A stage of the reminders, from `first` days after the due date until the next stage."""

    name: str
    first: int
    kind: DeskEventKind


REMINDER_STAGES = (
    ReminderStage("d-10", -10, DeskEventKind.REMINDER),
    ReminderStage("d-3", -3, DeskEventKind.REMINDER),
    ReminderStage("d+1", 1, DeskEventKind.REMINDER),
    ReminderStage("d+3", 3, DeskEventKind.ESCALATED),
)


def stage_of(review: DirectorateReview, today: date) -> ReminderStage | None:
    """Return the reminder that is due now; None if its day had passed when the review was asked."""
    past = [step for step in REMINDER_STAGES if review.due_on + timedelta(days=step.first) <= today]
    if not past:
        return None
    day = review.due_on + timedelta(days=past[-1].first)
    return past[-1] if day > timezone.localdate(review.asked_at) else None


def note_reminders(today: date) -> int:
    """Put today's reminders in the daily mails; idempotent. Returns the number of reviews."""
    soon = today - timedelta(days=REMINDER_STAGES[0].first)
    rows = DirectorateReview.objects.open().filter(due_on__lte=soon).select_related("referral", "directorate")
    return sum(note_reminder(review, today) for review in rows.order_by("pk"))


@transaction.atomic
def note_reminder(review: DirectorateReview, today: date) -> bool:
    """Remind those who must act on the review, once for each step and due date; return whether a step is due."""
    step = stage_of(review, today)
    if step is None:
        return False
    morning = timezone.make_aware(datetime.combine(today, time.min))
    key = f"{step.name}:{review.pk}:{review.due_on}"
    for user, kind in recipients_of(review, step):
        digest.add_digest_line(user, kind, review.referral, key=key, review=review, at=morning)
    return True


def recipients_of(review: DirectorateReview, step: ReminderStage) -> list[tuple[User, DeskEventKind]]:
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


SCOPING_NOTE = Versioned(by="edited_by", at="edited_at")


@transaction.atomic
def generate_note(referral: Referral, *, by: User) -> ScopingNote:
    """Compose the note from the answers given; return the existing one as it is."""
    if not rules.can_write_note(by, referral):
        raise PermissionDenied
    if not (body := compose_note(referral)):
        raise ValidationError(_("Aucune direction n’a encore rendu sa contribution."), code="empty")
    defaults = {"body": clean_html(body), "generated_at": timezone.now()}
    note, is_new = ScopingNote.objects.get_or_create(referral=referral, defaults=defaults)
    if is_new:
        record("scoping_note.generated", note, by=by, dossier=referral)
    return note


@transaction.atomic
def edit_note(note: ScopingNote, html: str, *, version: int, by: User) -> ScopingNote:
    """Save the officer's text; raise EditConflict when somebody saved since `version` was read."""
    if not rules.can_write_note(by, note.referral):
        raise PermissionDenied
    body = clean_html(html)
    if body == note.body and version == note.version:
        return note
    SCOPING_NOTE.save(note, {"body": body, "edited_at": timezone.now(), "edited_by": by}, version=version)
    record("scoping_note.edited", note, by=by, dossier=note.referral, version=note.version)
    return note
