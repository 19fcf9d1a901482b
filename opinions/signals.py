"""News of the handover for the app above: it opens, moves and closes the answers that are owed.

Each is sent inside the transaction of the act, the opinion locked, with `opinion: Opinion` and `by: User`.
"""

from django.dispatch import Signal

# Also with `on: date`: the day from which the council answers.
opinion_handed_over = Signal()

# Also with `on: date`, another day than the one told before.
handover_corrected = Signal()

# The opinion is adopted again: no answer is owed. Who holds it back adds a guard to the step (`OPINION.guard`).
handover_taken_back = Signal()
