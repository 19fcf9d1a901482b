"""What becomes of an opinion: the files of answers, and each version of an answer."""

from answers.models.answer import Answer
from answers.models.answer_file import AnswerFile
from answers.models.aside import AnswerAside

__all__ = ["Answer", "AnswerAside", "AnswerFile"]
