"""What the draw brings to the rooms."""

from draws.portal import draw

__all__ = ["draw"]
