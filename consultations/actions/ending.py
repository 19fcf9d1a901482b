"""A referral that stops: withdrawn or merged. Its trace stays; its open reviews are closed with notice."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.workflow import StateConflict
from consultations.actions import reviews, supports
from consultations.actions.referrals import said, take
from consultations.enums import HearingState
from consultations.models import DirectorateReview, Hearing, Referral, ReferralCommittee
from consultations.rules import referrals as rules


@dataclass(frozen=True)
class EndingPreview:
    """What stops with the referral, before anybody says yes."""

    reviews: list[str]
    hearings: int
    committees: int


def preview(referral: Referral) -> EndingPreview:
    """The directorates whose request would be closed, the hearings planned, the groups at work."""
    waiting = DirectorateReview.objects.filter(referral=referral).open().order_by("directorate__name")
    return EndingPreview(
        reviews=list(waiting.values_list("directorate__name", flat=True)),
        hearings=Hearing.objects.filter(referral=referral, state=HearingState.PLANNED).count(),
        committees=ReferralCommittee.objects.filter(referral=referral, ended_at=None).count(),
    )


@transaction.atomic
def withdraw(referral: Referral, *, reason: str, by: User) -> None:
    """It is withdrawn; the directorates still asked are told."""
    words = said(reason)
    take(
        referral,
        "withdraw",
        "referral.withdrawn",
        by=by,
        detail=words,
        ended_at=timezone.now(),
        end_reason=words,
    )
    reviews.close_all(referral, reason=words, by=by)
    release_committees(referral)


@transaction.atomic
def merge(referral: Referral, target: Referral, *, reason: str, by: User) -> None:
    """It goes on in another referral of the same term, which keeps the sight of its answers."""
    words = said(reason)
    if not rules.holds_right(by, referral, "merge"):
        raise PermissionDenied
    if referral.pk == target.pk:
        raise ValidationError(_("Une saisine ne se fusionne pas avec elle-même."), code="itself")
    locked = Referral.objects.select_for_update(no_key=True).filter(pk__in=[referral.pk, target.pk]).order_by("pk")
    states = {row.pk: row for row in locked}
    goes_on = states.get(target.pk)
    if goes_on is None or goes_on.term_id != referral.term_id:
        raise ValidationError(_("Choisissez une saisine de la même mandature."), code="target")
    if goes_on.is_ended:
        raise StateConflict(target, "merge")
    take(
        referral,
        "merge",
        "referral.merged",
        by=by,
        detail=words,
        ended_at=timezone.now(),
        end_reason=words,
        merged_into=goes_on,
    )
    record("referral.merged", goes_on, by=by, absorbed=referral.pk)
    reviews.move_to(referral, goes_on, by=by)
    supports.carry(referral, goes_on)
    release_committees(referral)


def release_committees(referral: Referral) -> None:
    """The groups no longer work on it; the rows stay."""
    ReferralCommittee.objects.filter(referral=referral, ended_at=None).update(ended_at=timezone.now())
