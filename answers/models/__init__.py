"""What becomes of an opinion: the files of answers, each version of an answer, who follows and who rates them."""

from answers.models.answer import Answer
from answers.models.answer_file import AnswerFile
from answers.models.aside import AnswerAside
from answers.models.following import Follower, Following, ProposalNews
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
]
