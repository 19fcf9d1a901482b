"""What the call and the draw bring to the rooms."""

from draws.portal import call

__all__ = ["call"]
