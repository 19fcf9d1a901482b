"""What becomes of an opinion: the files of answers, each version of an answer, what follows it."""

from answers.models.answer import Answer
from answers.models.answer_file import AnswerFile
from answers.models.aside import AnswerAside
from answers.models.committee import FollowUpHearing, FollowUpRemark
from answers.models.follow_up import FollowUp, Milestone, ProgressUpdate

__all__ = [
    "Answer",
    "AnswerAside",
    "AnswerFile",
    "FollowUp",
    "FollowUpHearing",
    "FollowUpRemark",
    "Milestone",
    "ProgressUpdate",
]
