"""Models of referrals, of the directorates' reviews, of the briefing pack and of self-referrals."""

from consultations.briefing.models import (
    CHECKS,
    BriefingDeposit,
    BriefingDocument,
    BriefingKind,
    BriefingPack,
    BriefingReadMark,
    LanguageLevel,
)
from consultations.digest.models import DeskEvent, DigestKind
from consultations.hearings.models import GuestKind, Hearing, HearingGuest, HearingKind, HearingState
from consultations.referrals.enums import CouncilStance, IssueChannel, ReferralOrigin, ReferralState, SuggestionChannel
from consultations.referrals.models import Referral, ReferralCommittee, ReferralDirectorate
from consultations.reviews.models import (
    Competence,
    CostRange,
    Delegation,
    DirectorateReview,
    EditionKind,
    Feasibility,
    ReviewAttachment,
    ReviewEdition,
    ReviewKind,
    ReviewState,
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
