"""News that travel up: `notifications` hears `invitation_issued` and writes to the person invited."""

from django.dispatch import Signal

# Sent in the transaction of the act, with `invitation` and `code` (the code is kept nowhere else, only its digest).
invitation_issued = Signal()
