"""What the mission brings to the rooms."""

from mission.portal import desk, indicators

__all__ = ["desk", "indicators"]
