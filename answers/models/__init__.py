"""Models of what becomes of an opinion: answer cases, their versions, follow-ups, followers and ratings."""

from answers.cases.models import AnswerCase
from answers.follow_up.models import FollowUp, Milestone, ProgressUpdate
from answers.models.answer import Answer
from answers.models.committee import FollowUpHearing, FollowUpRemark
from answers.models.conflict_copy import AnswerConflictCopy
from answers.models.rating import AnswerRating, RatingTotal
from answers.progress.models import ProgressReport
from answers.voice.models import Follower, Following, ProposalNews

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
