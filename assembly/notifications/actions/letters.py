"""Actions on letters: one PDF for the printer, then marked « imprimées », then « remises »."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.notifications import rules
from assembly.notifications.enums import DeliveryState, Way
from assembly.notifications.models import Distribution, LetterBatch
from assembly.notifications.registry import kinds
from assembly.notifications.workflow import DELIVERY

if TYPE_CHECKING:
    from assembly.identity.models import User

KIND = "letters"


@transaction.atomic
def print_letters(distribution: Distribution, *, by: "User") -> Rendition | None:
    """Request the file of the letters to print; return None when there is none (a second click)."""
    if not rules.is_sender(by, distribution):
        raise PermissionDenied
    waiting = distribution.deliveries.filter(way=Way.PAPER, state=DeliveryState.QUEUED, batch=None)
    keys = list(waiting.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    if not keys:
        return None
    batch = LetterBatch.objects.create(distribution=distribution, requested_by=by, requested_at=timezone.now())
    distribution.deliveries.filter(pk__in=keys).update(batch=batch)
    return request_rendition(batch, KIND, by=by)


@transaction.atomic
def mark_printed(batch: LetterBatch) -> int:
    """Mark the letters of a finished file as printed; the renderer calls it. Return how many."""
    letters = list(batch.letters.filter(state=DeliveryState.QUEUED))
    forgotten: dict[str, Any] = {"context": {}} if kinds[batch.distribution.kind].erases_context else {}
    for letter in letters:
        DELIVERY.set_state(letter, "print", printed_at=timezone.now(), **forgotten)
    if letters:
        record("letters.printed", batch.distribution, by=batch.requested_by, letters=len(letters))
    return len(letters)


@transaction.atomic
def mark_handed_over(distribution: Distribution, *, by: "User") -> int:
    """Mark the printed letters as posted, or given by hand; return how many."""
    if not rules.is_sender(by, distribution):
        raise PermissionDenied
    printed = distribution.deliveries.filter(way=Way.PAPER, state=DeliveryState.PRINTED)
    letters = list(printed.select_for_update(skip_locked=True, no_key=True))
    for letter in letters:
        DELIVERY.set_state(letter, "hand_over", handed_over_at=timezone.now())
    if letters:
        record("letters.handed_over", distribution, by=by, letters=len(letters))
    return len(letters)
