"""News that travels up: the words of a file are known (or known not to be)."""

from django.dispatch import Signal

text_read = Signal()
"""Sent with `text` (a FileText) in the transaction that stores it."""
