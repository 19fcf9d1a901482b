"""End of a referral, withdrawn or merged: its trace stays; its open reviews are closed with notice."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.workflow import StateConflict, lock
from consultations.actions import supports
from consultations.enums import HearingState
from consultations.models import DirectorateReview, Hearing, Referral, ReferralCommittee
from consultations.reviews.actions import asking as reviews
from consultations.workflows.referrals import REFERRAL


@dataclass(frozen=True)
class EndingPreview:
    """What stops with the referral, shown before the confirmation."""

    reviews: list[str]
    hearings: int
    committees: int


def preview(referral: Referral) -> EndingPreview:
    """Return the directorates whose request would be closed, and count the planned hearings and the groups at work."""
    waiting = DirectorateReview.objects.filter(referral=referral).open().order_by("directorate__name__alphabetical")
    return EndingPreview(
        reviews=list(waiting.values_list("directorate__name", flat=True)),
        hearings=Hearing.objects.filter(referral=referral, state=HearingState.PLANNED).count(),
        committees=ReferralCommittee.objects.filter(referral=referral, ended_at=None).count(),
    )


@REFERRAL.action("withdraw")
@transaction.atomic
def withdraw(referral: Referral, *, reason: str, by: User) -> None:
    """Withdraw the referral and close its open requests, with notice to their directorates."""
    REFERRAL.transition(referral, "withdraw", by=by, reason=reason)
    reviews.close_all(referral, reason=referral.end_reason, by=by)
    release_committees(referral)


@REFERRAL.action("merge")
@transaction.atomic
def merge(referral: Referral, target: Referral, *, reason: str, by: User) -> None:
    """Merge the referral into another one of the same term, where its answers stay visible."""
    for row in sorted((referral, target), key=lambda row: row.pk):
        lock(row)
    REFERRAL.require(referral, "merge", by=by)
    if referral.pk == target.pk:
        raise ValidationError(_("Une saisine ne se réunit pas avec elle-même."), code="itself")
    if target.term_id != referral.term_id:
        raise ValidationError(_("Choisissez une saisine de la même mandature."), code="target")
    if target.is_ended:
        raise StateConflict(target, "merge")
    REFERRAL.transition(referral, "merge", by=by, reason=reason, merged_into=target)
    record("referral.merged", target, by=by, absorbed=referral.pk)
    reviews.move_to(referral, target, by=by)
    supports.copy_supports(referral, target)
    release_committees(referral)


def release_committees(referral: Referral) -> None:
    """End the assignments to the groups; the rows stay."""
    ReferralCommittee.objects.filter(referral=referral, ended_at=None).update(ended_at=timezone.now())
