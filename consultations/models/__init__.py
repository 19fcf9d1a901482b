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
from consultations.models.referral import Referral, ReferralCommittee, ReferralDirectorate
from consultations.models.review import (
    Delegation,
    DeskEvent,
    DirectorateReview,
    ReviewAttachment,
    ReviewEdition,
    ScopingNote,
    ThreadMessage,
)
from consultations.models.self_referral import (
    AdmissibilityCheck,
    CouncilView,
    ReferralSettings,
    SuggestionDraft,
    Support,
)
from consultations.models.visa_level import VisaLevel

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
