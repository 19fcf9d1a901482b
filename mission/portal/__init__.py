"""What the mission’s desk brings to the rooms."""

from mission.portal import indicators

__all__ = ["indicators"]
