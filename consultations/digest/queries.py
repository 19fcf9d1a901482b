"""Lines of the daily mail, which of them are obsolete, and the targets that apps above register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from assembly.institution.models import Assembly
from consultations.digest.models import DeskEventKind
from consultations.models import DeskEvent, DigestKind, ReviewState
from consultations.reviews import rules as reviews


@dataclass(frozen=True)
class DeskTarget:
    """Lines about one model: their `kinds`, and two callables, which take the `DeskEvent`.

    `is_obsolete`: whether what was asked is done, or the person has not to act any more. `line`: what it is about,
    until when or by whom, and the path of the page where it is done.
    """

    kinds: type[DigestKind]
    is_obsolete: Callable[[Any], bool]
    line: Callable[[Any], tuple[str, str, str]]


desk_targets: dict[str, DeskTarget] = {}


def add_desk_target(target_type: str, target: DeskTarget) -> None:
    """Add the callables of a model by its label, `target_type` (« answers.AnswerCase »)."""
    desk_targets[target_type] = target


def digest_kind_of(event: Any) -> DigestKind:
    """Return the kind of a `DeskEvent`, with its label and rank, from the app that added it."""
    kinds: Any = desk_targets[event.target_type].kinds if event.target_type else DeskEventKind
    return kinds(event.kind)


K = DeskEventKind
ABOUT_TEXT = {K.ASKED, K.DUE_CHANGED, K.REMINDER, K.RETURNED, K.SUPPLEMENT}


def waiting_events(assembly: Assembly, cut: datetime) -> QuerySet[DeskEvent]:
    """Return the unsent lines from before `cut`, with row locks for the sender."""
    rows = DeskEvent.objects.filter(term__assembly=assembly, sent_at=None, dropped_at=None, happened_at__lt=cut)
    return _with_facts(rows).select_for_update(of=("self",), no_key=True).order_by("user", "pk")


def events_of_mail(keys: list[int]) -> list[DeskEvent]:
    """List the lines of one mail, the most pressing first."""
    rows = _with_facts(DeskEvent.objects.filter(pk__in=keys))
    return sorted(rows, key=lambda event: (digest_kind_of(event).rank, event.pk))


def _with_facts(rows: QuerySet[DeskEvent]) -> QuerySet[DeskEvent]:
    return rows.select_related(
        "user__person",
        "term",
        "referral",
        "review__referral",
        "review__directorate",
        "review__visa_level",
        "message__author__person",
        "message__referral",
        "message__review",
    )


def is_obsolete(event: DeskEvent) -> bool:
    """Return whether what was asked is done, or the person no longer works there: the line is not sent."""
    if not event.user.is_active:
        return True
    if event.target_type:
        return desk_targets[event.target_type].is_obsolete(event)
    if event.message is not None:
        message = event.message
        return message.withdrawn_at is not None or not reviews.can_read_message(event.user, message)
    review = event.review
    if review is None or event.kind in {K.RECEIVED, K.DECLINED}:
        return False
    if event.kind == K.COPIED:
        return not reviews.is_copy_reader(event.user, review)
    if event.kind == K.CLOSED:
        return review.state != ReviewState.CLOSED
    if not reviews.works_in_directorate(event.user, review):
        return True
    if event.kind in ABOUT_TEXT:
        return review.state not in ReviewState.tagged("editable")
    if event.kind == K.TO_VALIDATE:
        return review.state != ReviewState.SUBMITTED or not reviews.can_endorse(event.user, review)
    return not review.is_open
