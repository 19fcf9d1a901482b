"""What the call and the draw bring to the rooms."""

from draws.portal import call, draw

__all__ = ["call", "draw"]
