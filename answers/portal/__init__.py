"""What answers bring to the rooms."""

from answers.portal import room

__all__ = ["room"]
