"""What the mission brings to the rooms."""

from mission.portal import desk, figures, support

__all__ = ["desk", "figures", "support"]
