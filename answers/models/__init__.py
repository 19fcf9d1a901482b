"""Models of what becomes of an opinion: answer cases, their versions, follow-ups, followers and ratings."""

from answers.models.answer import Answer
from answers.models.answer_file import AnswerFile
from answers.models.aside import AnswerAside
from answers.models.committee import FollowUpHearing, FollowUpRemark
from answers.models.follow_up import FollowUp, Milestone, ProgressUpdate
from answers.models.following import Follower, Following, ProposalNews
from answers.models.progress_report import ProgressReport
from answers.models.rating import AnswerRating, RatingTotal

__all__ = [
    "Answer",
    "AnswerAside",
    "AnswerFile",
    "AnswerRating",
    "Follower",
    "Following",
    "ProposalNews",
    "RatingTotal",
    "FollowUp",
    "FollowUpHearing",
    "FollowUpRemark",
    "Milestone",
    "ProgressReport",
    "ProgressUpdate",
]
