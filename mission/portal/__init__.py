"""What the mission brings to the rooms."""

from mission.portal import desk

__all__ = ["desk"]
