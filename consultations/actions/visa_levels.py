"""Intermediate visas of a directorate: which come before the approver's own, whose, in which order."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Directorate
from assembly.workflow import lock, share
from consultations.models import DirectorateReview, Referral, VisaLevel
from consultations.queries.desk import levels_of, next_level, visas_given
from consultations.reviews import rules
from consultations.reviews.actions.asking import ask_visa
from consultations.reviews.workflow import REVIEW

MOST_LEVELS = 5


@transaction.atomic
def add(directorate: Directorate, *, name: str, holder: User, by: User) -> VisaLevel:
    """Add a visa at the end, before the approver's; answers that already wait for the approver are not affected."""
    levels = _lock_levels(directorate, by)
    if not rules.can_hold(holder, directorate):
        raise ValidationError(_("Choisissez une personne qui travaille dans cette direction."), code="holder")
    if len(levels) >= MOST_LEVELS:
        raise ValidationError(_("Cinq visas intermédiaires au plus."), code="name")
    position = levels[-1].position + 1 if levels else 1
    level = VisaLevel.objects.create(directorate=directorate, position=position, name=name.strip(), holder=holder)
    record("visa_level.added", level, by=by, dossier=directorate, position=position)
    return level


@transaction.atomic
def move_up(level: VisaLevel, *, by: User) -> None:
    """Move a visa before the one that precedes it; the first one stays where it is."""
    keys = [row.pk for row in _lock_levels(level.directorate, by)]
    at = keys.index(level.pk) if level.pk in keys else 0
    if at == 0:
        return
    keys[at - 1 : at + 1] = keys[at], keys[at - 1]
    for position, key in enumerate(keys, start=1):
        VisaLevel.objects.filter(pk=key).update(position=position)
    record("visa_level.moved", level, by=by, dossier=level.directorate, position=at)


@transaction.atomic
def remove(level: VisaLevel, *, by: User) -> None:
    """Remove a visa from the order; answers that wait for it go on to the next one, whose holder is mailed at once."""
    levels = _lock_levels(level.directorate, by)
    if level.pk not in {row.pk for row in levels}:
        return
    waiting = DirectorateReview.objects.filter(visa_level=level).select_related("referral__term", "directorate")
    rows = list(waiting.order_by("referral", "pk"))
    VisaLevel.objects.filter(pk=level.pk).update(removed_at=timezone.now())
    record("visa_level.removed", level, by=by, dossier=level.directorate)
    for review in rows:
        share(Referral.objects.filter(pk=review.referral_id))
        lock(review)
        if review.visa_level_id != level.pk:
            continue
        following = next_level(review.directorate_id, visas_given(review))
        REVIEW.follow(review, "skip_visa", by=by, reason=level.name, visa_level=following)
        ask_visa(review, by=by)


def _lock_levels(directorate: Directorate, by: User) -> list[VisaLevel]:
    """Lock the directorate and return the present order of its visas."""
    lock(directorate)
    if not rules.can_order_visas(by, directorate):
        raise PermissionDenied
    return levels_of(directorate)
