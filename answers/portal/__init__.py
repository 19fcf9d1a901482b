"""What answers bring to the rooms."""

from answers.portal import desk, room

__all__ = ["desk", "room"]
