"""Models of what becomes of an opinion: answer cases, their versions, follow-ups, followers and ratings."""

from answers.cases.models import Answer, AnswerCase, AnswerConflictCopy
from answers.follow_up.models import FollowUp, FollowUpHearing, FollowUpRemark, Milestone, ProgressUpdate
from answers.progress.models import ProgressReport
from answers.voice.models import AnswerRating, Follower, Following, ProposalNews, RatingTotal

__all__ = [
    "Answer",
    "AnswerCase",
    "AnswerConflictCopy",
    "AnswerRating",
    "FollowUp",
    "FollowUpHearing",
    "FollowUpRemark",
    "Follower",
    "Following",
    "Milestone",
    "ProgressReport",
    "ProgressUpdate",
    "ProposalNews",
    "RatingTotal",
]
