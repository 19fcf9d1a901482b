"""Signals of the outbox for the apps above, sent inside the transaction that records the event."""

from django.dispatch import Signal

# delivery: its address does not work, or its reader complained.
delivery_came_back = Signal()
