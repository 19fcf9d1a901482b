"""What the team asks of directorates: reviews, dates, supplements; closing them when the referral stops."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.workflow import StateConflict
from consultations.actions import digest
from consultations.enums import DeskEventKind, ReviewKind, ReviewState
from consultations.models import DirectorateReview, Referral, ReferralDirectorate
from consultations.queries.desk import agents_of, contacts_of, followers_of
from consultations.rules import reviews as rules
from consultations.workflows.reviews import REVIEW

FREE_AGAIN = [ReviewState.PASSED_ON, ReviewState.CLOSED]


def stamp(moment: datetime) -> str:
    """A moment as a part of a key."""
    return f"{moment:%Y%m%d%H%M%S%f}"


def tell_contacts(review: DirectorateReview, kind: DeskEventKind, key: str) -> None:
    for user in contacts_of(review.directorate_id):
        digest.tell(user, kind, review.referral, key=key, review=review)


def tell_followers(review: DirectorateReview, kind: DeskEventKind, key: str) -> None:
    for user in followers_of(review.referral, review):
        digest.tell(user, kind, review.referral, key=key, review=review)


def said(reason: str) -> str:
    """A reason that says something."""
    if not (words := reason.strip()):
        raise ValidationError(_("Dites pourquoi."), code="reason")
    return words


def in_time(due_on: date) -> date:
    if due_on < timezone.localdate():
        raise ValidationError(_("Choisissez une date à venir."), code="due_on")
    return due_on


def lock_referral(referral: Referral, *, verb: str = "ask") -> Referral:
    """Wait for whoever acts on the same referral at this moment. What it has become decides, not the page that was
    read: one that ended is left as it is."""
    held = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    if held.is_ended:
        raise StateConflict(held, verb)
    return held


def lock_referral_for(referral: Referral, verb: str, may: Callable[[User, Referral], bool], *, by: User) -> None:
    """Hold a referral for an act that the rule `may` allows.

    Raises PermissionDenied when the page's own copy does not allow it, StateConflict when it did and the row no
    longer does: it ended, or went back.
    """
    if not may(by, referral):
        raise PermissionDenied
    if not may(by, held := lock_referral(referral, verb=verb)):
        raise StateConflict(held, verb)


def lock_open_review(review: DirectorateReview, *, verb: str) -> None:
    """What the request has become decides, not the page that was read: answered or closed, nobody waits for it."""
    held = DirectorateReview.objects.select_for_update(of=("self",), no_key=True).only("state").get(pk=review.pk)
    if not held.is_open:
        raise StateConflict(held, verb)
    review.state = held.state


def check_at_work(directorates: Iterable[Directorate]) -> None:
    """Nobody answers for a directorate that was closed without a successor."""
    if any(row.closed_on for row in directorates):
        raise ValidationError(_("Cette direction est close : choisissez celle qui la remplace."), code="directorate")


def name_directorate(referral: Referral, directorate: Directorate, *, by: User | None) -> None:
    """A directorate that is asked becomes one of those named in the referral: its agents may read it."""
    _row, made = ReferralDirectorate.objects.get_or_create(referral=referral, directorate=directorate)
    if made:
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
    """Ask the same review of several directorates; one that already has this request is left as it is."""
    lock_referral_for(referral, "ask", rules.can_ask, by=by)
    return request(referral, directorates, due_on=due_on, message=message, kind=kind, by=by)


def request(
    referral: Referral, directorates: Iterable[Directorate], *, due_on: date, message: str, kind: ReviewKind, by: User
) -> list[DirectorateReview]:
    """What `ask` does, for a caller that has checked the right and holds the referral: the president's office issues
    and asks at once."""
    in_time(due_on)
    wanted = list(dict.fromkeys(directorates))
    check_at_work(wanted)
    if any(row.assembly_id != referral.term.assembly_id for row in wanted):
        raise ValidationError(_("Choisissez une direction de cette assemblée."), code="directorate")
    asked = set(
        DirectorateReview.objects.filter(referral=referral, kind=kind)
        .exclude(state__in=FREE_AGAIN)
        .values_list("directorate_id", flat=True)
    )
    return [
        _ask_one(referral, directorate, due_on=due_on, message=message, kind=kind, by=by)
        for directorate in wanted
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
    tell_contacts(review, DeskEventKind.ASKED, f"asked:{review.pk}")
    return review


@transaction.atomic
def change_due(review: DirectorateReview, due_on: date, *, reason: str, by: User) -> None:
    """Give another date, with the reason the directorate reads."""
    if not rules.can_change_due(by, review):
        raise PermissionDenied
    lock_open_review(review, verb="change_due")
    words, former = said(reason), review.due_on
    DirectorateReview.objects.filter(pk=review.pk).update(due_on=in_time(due_on), due_reason=words)
    review.due_on, review.due_reason = due_on, words
    record("review.due_changed", review, by=by, dossier=review.referral, detail=words, former=former, due_on=due_on)
    tell_contacts(review, DeskEventKind.DUE_CHANGED, f"due:{review.pk}:{stamp(timezone.now())}")


@transaction.atomic
def remind(review: DirectorateReview, *, by: User) -> None:
    """Put a word in the next daily mail of those who are waited for: the contacts, or the approvers for a visa."""
    if not rules.can_remind(by, review):
        raise PermissionDenied
    lock_open_review(review, verb="remind")
    now = timezone.now()
    key = f"relaunched:{review.pk}:{timezone.localdate()}"
    if review.state == ReviewState.SUBMITTED:
        tell_approvers(review, DeskEventKind.TO_VALIDATE, key)
    else:
        tell_contacts(review, DeskEventKind.REMINDER, key)
    DirectorateReview.objects.filter(pk=review.pk).update(reminded_at=now)
    review.reminded_at = now
    record("review.reminded", review, by=by, dossier=review.referral, due_on=review.due_on)


def tell_approvers(review: DirectorateReview, kind: DeskEventKind, key: str) -> None:
    """Approvers and, today, those who hold their delegation."""
    for user in agents_of(review.directorate_id):
        if rules.can_give_visa(user, review):
            digest.tell(user, kind, review.referral, key=key, review=review)


@transaction.atomic
def ask_supplement(review: DirectorateReview, *, reason: str, due_on: date, by: User) -> None:
    """Ask for more of an answer that was given; what was given stays readable."""
    if not rules.can_ask_supplement(by, review):
        raise PermissionDenied
    lock_referral(review.referral)
    heir = heir_of(review.directorate)
    check_at_work([heir.get("directorate", review.directorate)])
    words = said(reason)
    REVIEW.move(
        review, "ask_supplement", reason=words, supplement=words, due_on=in_time(due_on), due_reason="", **heir
    )
    if heir:
        name_directorate(review.referral, review.directorate, by=by)
    record("review.supplement_asked", review, by=by, dossier=review.referral, detail=review.reason, due_on=due_on)
    tell_contacts(review, DeskEventKind.SUPPLEMENT, f"supplement:{review.pk}:{stamp(timezone.now())}")


def heir_of(directorate: Directorate) -> dict[str, Directorate]:
    """The columns that change when a directorate was closed since: its last successor answers."""
    seen, current = {directorate.pk}, directorate
    while current.closed_on and current.successor and current.successor_id not in seen:
        current = current.successor
        seen.add(current.pk)
    return {} if current.pk == directorate.pk else {"directorate": current, "inherited_from": directorate}


@transaction.atomic
def ask_again(review: DirectorateReview, *, due_on: date, message: str = "", by: User) -> None:
    """Ask once more a directorate that sent the request back, or whose request was closed."""
    if not rules.can_ask_again(by, review):
        raise PermissionDenied
    lock_referral(review.referral)
    heir = heir_of(review.directorate)
    directorate = heir.get("directorate", review.directorate)
    check_at_work([directorate])
    others = DirectorateReview.objects.filter(referral=review.referral, directorate=directorate, kind=review.kind)
    if others.exclude(pk=review.pk).exclude(state__in=FREE_AGAIN).exists():
        raise ValidationError(_("Cette direction a déjà une demande en cours sur cette saisine."), code="asked")
    now = timezone.now()
    REVIEW.move(
        review,
        "ask_again",
        due_on=in_time(due_on),
        due_reason="",
        message=message.strip() or review.message,
        supplement="",
        asked_at=now,
        asked_by=by,
        reason="",
        closed_at=None,
        **heir,
    )
    name_directorate(review.referral, review.directorate, by=by)
    record("review.asked_again", review, by=by, dossier=review.referral, due_on=due_on)
    tell_contacts(review, DeskEventKind.ASKED, f"asked:{review.pk}:{stamp(now)}")


@transaction.atomic
def close(review: DirectorateReview, *, reason: str, by: User) -> None:
    """Close a request without an answer; the directorate is told."""
    if not rules.can_close(by, review):
        raise PermissionDenied
    close_with_notice(review, reason=said(reason), by=by)


def close_with_notice(review: DirectorateReview, *, reason: str, by: User | None) -> None:
    """Close and tell those who were working on it. The caller has checked the right."""
    now = timezone.now()
    was_at_visa = review.state == ReviewState.SUBMITTED
    REVIEW.move(review, "close", closed_at=now, reason=reason)
    record("review.closed", review, by=by, dossier=review.referral, detail=reason)
    key = f"closed:{review.pk}:{stamp(now)}"
    tell_contacts(review, DeskEventKind.CLOSED, key)
    if was_at_visa:
        tell_approvers(review, DeskEventKind.CLOSED, key)


@transaction.atomic
def close_all(referral: Referral, *, reason: str, by: User) -> int:
    """The referral stops: every open request is closed with notice. The caller has checked the right to stop it."""
    rows = DirectorateReview.objects.filter(referral=referral).open().select_related("directorate", "referral")
    reviews = list(rows.select_for_update(of=("self",), no_key=True))
    for review in reviews:
        close_with_notice(review, reason=reason, by=by)
    return len(reviews)


@transaction.atomic
def move_to(referral: Referral, target: Referral, *, by: User) -> int:
    """Merge: open requests are closed with notice; the directorates may read the referral that goes on."""
    named = ReferralDirectorate.objects.filter(referral=referral).select_related("directorate")
    for row in named:
        name_directorate(target, row.directorate, by=by)
    reason = _("La saisine est fusionnée avec %(other)s.") % {"other": target.reference or target.title}
    return close_all(referral, reason=reason, by=by)
