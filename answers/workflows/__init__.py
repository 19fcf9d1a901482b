"""State tables of answers and of their follow-ups: domain.md B12. The README has the same tables."""

from answers.cases.workflow.answer import ANSWER
from answers.follow_up.workflow import FOLLOW_UP

__all__ = ["ANSWER", "FOLLOW_UP"]
