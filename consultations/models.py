"""Models of referrals, of the directorates' reviews, of the briefing pack and of self-referrals."""

from consultations.briefing.models import CHECKS, BriefingDeposit, BriefingDocument, BriefingPack, BriefingReadMark
from consultations.digest.models import DeskEvent
from consultations.hearings.models import Hearing, HearingGuest
from consultations.referrals.models import Referral, ReferralCommittee, ReferralDirectorate
from consultations.reviews.models import (
    Delegation,
    DirectorateReview,
    ReviewAttachment,
    ReviewEdition,
    ScopingNote,
    ThreadMessage,
    VisaLevel,
)
from consultations.self_referrals.models import (
    AdmissibilityCheck,
    CouncilView,
    ReferralSettings,
    SuggestionDraft,
    Support,
)

__all__ = [
    "CHECKS",
    "AdmissibilityCheck",
    "BriefingDeposit",
    "BriefingDocument",
    "BriefingPack",
    "BriefingReadMark",
    "CouncilView",
    "Delegation",
    "DeskEvent",
    "DirectorateReview",
    "Hearing",
    "HearingGuest",
    "Referral",
    "ReferralCommittee",
    "ReferralDirectorate",
    "ReferralSettings",
    "ReviewAttachment",
    "ReviewEdition",
    "ScopingNote",
    "SuggestionDraft",
    "Support",
    "ThreadMessage",
    "VisaLevel",
]
