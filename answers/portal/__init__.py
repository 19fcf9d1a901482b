"""Menu entries and pending lines of the answers in the areas of their users."""

from answers.portal import desk, room

__all__ = ["desk", "room"]
