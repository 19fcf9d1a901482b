"""To-do lists of the team about the referrals of a term: one list for each thing to do."""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from assembly.institution.models import Term
from assembly.institution.rules import is_lead
from consultations.enums import Competence, HearingState, ReferralOrigin, ReferralState, ReviewKind
from consultations.models import (
    AdmissibilityCheck,
    BriefingDeposit,
    BriefingPack,
    DirectorateReview,
    Hearing,
    Referral,
)
from consultations.models.review import ReviewQuerySet
from consultations.referrals.models import ReferralQuerySet
from consultations.referrals.queries import late_condition

S = ReferralState
FIELDS = {name: name for name in ("pk", "title", "reference", "state")}


def referrals_of(term: Term | int) -> ReferralQuerySet:
    return Referral.objects.filter(term=term)


def to_move(user: Any, term: Term | int) -> ReferralQuerySet:
    """Return the referrals whose next step is the team's."""
    return referrals_of(term).filter(state__in=S.tagged("to_move"))


def late_day() -> Case:
    """Build the day of an opinion that is late."""
    return Case(When(late_condition(), then=F("due_on")))


def late_referrals(user: Any, term: Term | int) -> ReferralQuerySet:
    return referrals_of(term).filter(late_condition())


def to_close(user: Any, term: Term | int) -> ReferralQuerySet:
    """Return the answered ones, which the lead closes."""
    rows = referrals_of(term).filter(state=S.ANSWERED)
    return rows if is_lead(user, term) else rows.none()


def studied(user: Any, term: Term | int) -> Any:
    """Return those between short list and vote that await no directorate; `is_admissible`: it was decided."""
    decided = AdmissibilityCheck.objects.filter(referral=OuterRef("pk"), is_fair=True)
    decided = decided.exclude(within_powers=Competence.NO)
    waits = Q(state=S.ADMISSIBILITY_CHECK, is_admissible=False) & Exists(admissibility_asked())
    rows = referrals_of(term).filter(origin=ReferralOrigin.SELF_REFERRAL, state__in=S.tagged("studied"))
    return rows.annotate(is_admissible=Exists(decided)).exclude(waits)


def admissible(user: Any, term: Term | int) -> Any:
    """Return those that need the council's view."""
    return studied(user, term).filter(state=S.ADMISSIBILITY_CHECK, is_admissible=True)


def admissibility_asked() -> ReviewQuerySet:
    return DirectorateReview.objects.filter(referral=OuterRef("pk"), kind=ReviewKind.ADMISSIBILITY).open()


def with_deposits(user: Any, term: Term | int) -> ReferralQuerySet:
    """Return the referrals with files that nobody described."""
    return referrals_of(term).filter(Exists(BriefingDeposit.objects.filter(pack__referral=OuterRef("pk"))))


def to_release(user: Any, term: Term | int) -> ReferralQuerySet:
    """Return the referrals at work whose pack has papers and no opening day."""
    full = BriefingPack.objects.filter(
        referral=OuterRef("pk"),
        released_at=None,
        release_at=None,
        documents__isnull=False,
        documents__removed_at=None,
        documents__replaced_by=None,
    )
    return referrals_of(term).filter(Exists(full), state__in=[S.ACCEPTED, S.ADOPTED, S.IN_PROGRESS])


def hearings_to_note(user: Any, term: Term | int) -> QuerySet[Hearing]:
    """Return those past without a result, or held without a report."""
    to_note = Q(state=HearingState.PLANNED, starts_at__lt=timezone.now()) | Q(state=HearingState.HELD, report="")
    return Hearing.objects.filter(to_note, referral__term=term)


def waiting_for_office(user: Any, term: Term | int) -> QuerySet[Referral]:
    """Return what the president's office may issue."""
    return referrals_of(term).filter(state=S.INTERNAL_REVIEW)


def work_ahead() -> Case:
    """Build the day when the works begin, while it is to come."""
    return Case(When(work_starts_on__gt=timezone.localdate(), then=F("work_starts_on")))
