"""Signals for the apps above: the text of a file is known (or known to be unreadable)."""

from django.dispatch import Signal

text_read = Signal()
"""Sent with `text` (a FileText) in the transaction that stores it."""
