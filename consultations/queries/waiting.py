"""What waits for the team about the referrals of a term, read in one statement.

The first screen of the bureau has many lists to read: steps to take, files to describe, packs to open and hearings to
note all hang on a referral, and come with its row.
"""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from assembly.institution.models import Term
from consultations.enums import HearingState, ReferralOrigin, ReferralState, ReviewKind
from consultations.models import BriefingDeposit, BriefingPack, DirectorateReview, Hearing, Referral
from consultations.models.referral import ReferralQuerySet
from consultations.models.review import ReviewQuerySet
from consultations.queries.referrals import late_condition

S = ReferralState
TO_MOVE = [S.ISSUED, S.ACCEPTED, S.ADOPTED, S.ANSWERED]
STUDIED = [S.SHORTLISTED, S.ADMISSIBILITY_CHECK, S.COUNCIL_VIEW_GIVEN]
WORKED = [S.ACCEPTED, S.ADOPTED, S.IN_PROGRESS]
TOLD = ("title", "reference", "state", "origin", "due_on")
TOLD_OF_CHECK = ("referral", "within_powers", "is_fair")


def studied(term: Term) -> ReferralQuerySet:
    """Self-referrals between the short list and the vote, with what was said of them."""
    rows = Referral.objects.filter(term=term, origin=ReferralOrigin.OWN, state__in=STUDIED)
    return rows.select_related("admissibility").annotate(is_waited=Exists(admissibility_asked())).order_by("pk")


def admissibility_asked() -> ReviewQuerySet:
    return DirectorateReview.objects.filter(referral=OuterRef("pk"), kind=ReviewKind.ADMISSIBILITY).open()


def waiting_for_team(term: Term, now: datetime) -> ReferralQuerySet:
    """Referrals about which something waits, each with `is_waited`, `has_deposits`, `may_open` and `hearings_to_note`.

    The last one holds dicts (pk, title, starts_at as ISO text, state): past and not noted, or held without a report.
    """
    deposits = BriefingDeposit.objects.filter(pack__referral=OuterRef("pk"))
    full = BriefingPack.objects.filter(
        referral=OuterRef("pk"),
        released_at=None,
        release_at=None,
        documents__isnull=False,
        documents__removed_at=None,
        documents__replaced_by=None,
    )
    to_note = Q(state=HearingState.PLANNED, starts_at__lt=now) | Q(state=HearingState.HELD, report="")
    hearings = Hearing.objects.filter(to_note, referral=OuterRef("pk")).order_by("starts_at", "pk")
    told = JSONObject(pk="pk", title="title", starts_at="starts_at", state="state")
    rows = Referral.objects.filter(term=term).annotate(
        is_waited=Exists(admissibility_asked()),
        has_deposits=Exists(deposits),
        may_open=Exists(full),
        has_hearings=Exists(hearings),
        hearings_to_note=ArraySubquery(hearings.values(row=told)),
    )
    return (
        rows.filter(
            Q(state__in=TO_MOVE)
            | late_condition()
            | Q(origin=ReferralOrigin.OWN, state__in=STUDIED)
            | Q(has_deposits=True)
            | Q(may_open=True, state__in=WORKED)
            | Q(has_hearings=True)
        )
        .select_related("admissibility")
        .only(*TOLD, *(f"admissibility__{name}" for name in TOLD_OF_CHECK))
        .order_by("due_on", "pk")
    )
