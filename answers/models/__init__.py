"""Models of what becomes of an opinion: answer cases, their versions, follow-ups, followers and ratings."""

from answers.models.answer import Answer
from answers.models.answer_case import AnswerCase
from answers.models.committee import FollowUpHearing, FollowUpRemark
from answers.models.conflict_copy import AnswerConflictCopy
from answers.models.follow_up import FollowUp, Milestone, ProgressUpdate
from answers.models.following import Follower, Following, ProposalNews
from answers.models.progress_report import ProgressReport
from answers.models.rating import AnswerRating, RatingTotal

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
