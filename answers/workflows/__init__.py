"""State tables of answers and of their follow-ups: domain.md B12. The README has the same tables."""

from answers.workflows.answers import ANSWER
from answers.workflows.follow_up import FOLLOW_UP

__all__ = ["ANSWER", "FOLLOW_UP"]
