"""The answer of a case that is written, signed or decided now."""

from answers.models import Answer, AnswerCase


def unpublished_answer(case: AnswerCase) -> Answer | None:
    """Return the version that is written, signed or decided now; None for a case without one."""
    return Answer.objects.in_hand().filter(case=case).first()
