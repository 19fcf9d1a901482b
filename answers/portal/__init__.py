"""Menu entries and pending lines of the answers in the areas of their users."""

from answers.portal import desk, directorate

__all__ = ["desk", "directorate"]
