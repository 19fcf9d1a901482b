"""Entries of the mission in menus and in « À faire »."""

from mission.portal import desk, figures, support

__all__ = ["desk", "figures", "support"]
