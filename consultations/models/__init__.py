"""Models of referrals, of the directorates' reviews, of the briefing pack and of self-referrals."""

from consultations.models.briefing import (
    CHECKS,
    BriefingDeposit,
    BriefingDocument,
    BriefingPack,
    BriefingReadMark,
    Hearing,
    HearingGuest,
)
from consultations.models.review import (
    Delegation,
    DeskEvent,
    DirectorateReview,
    ReviewAttachment,
    ReviewEdition,
    ScopingNote,
    ThreadMessage,
)
from consultations.referrals.models import Referral, ReferralCommittee, ReferralDirectorate
from consultations.reviews.models import VisaLevel
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
