"""Models of what becomes of an opinion: answer cases, their versions, follow-ups, followers and ratings."""

from answers.cases.enums import AnswerCaseState, AnswerValue, ArbitrationSource, DecisionSource, RejectionCategory
from answers.cases.models import Answer, AnswerCase, AnswerConflictCopy
from answers.follow_up.models import (
    FollowUp,
    FollowUpHearing,
    FollowUpRemark,
    FollowUpState,
    Milestone,
    PhotoConsent,
    ProgressUpdate,
)
from answers.progress.models import ProgressReport
from answers.voice.models import AnswerRating, Follower, Following, ProposalEventKind, ProposalNews, RatingTotal
