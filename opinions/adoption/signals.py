"""Signals of the handover and of the publication for the app above, which opens, moves and closes the answers due.

Each is sent inside the transaction of the step, the opinion locked, with `opinion: Opinion` and `by: User`.
"""

from django.dispatch import Signal

# Also with `on: date`: the day from which the council answers.
opinion_handed_over = Signal()

# Anybody may read the opinion from now on.
opinion_published = Signal()

# Also with `on: date`, another day than the one sent before.
handover_corrected = Signal()

# The opinion is adopted again and no answer is due. An app that must prevent it adds a guard to the step
# (`OPINION.add_guard`).
handover_taken_back = Signal()
