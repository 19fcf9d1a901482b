"""What becomes of an opinion: the files of answers, and each version of an answer."""

from answers.models.answer import Answer
from answers.models.answer_file import AnswerFile

__all__ = ["Answer", "AnswerFile"]
