"""News of the outbox for the apps above; sent inside the transaction that notes them."""

from django.dispatch import Signal

# delivery: its address does not work, or its reader complained.
delivery_came_back = Signal()
