"""Signals for later apps, each sent inside the transaction of its action with `by: User`.

They announce what became of a question on an agenda: `consultations` saves the result of a vote.
"""

from django.dispatch import Signal

# `ballot: Ballot`: the result is final; or the vote was prepared and will not be held.
ballot_proclaimed = Signal()
ballot_cancelled = Signal()

# `item: AgendaItem`, taken off the agenda with its sub-items.
agenda_item_removed = Signal()

# `sitting: Sitting`: it was convened, for the first time or again; it opens.
sitting_notified = Signal()
sitting_opened = Signal()

# `sitting: Sitting`: its opening, at `opened_at: datetime`, was a mistake and is undone.
sitting_opening_undone = Signal()

# `sitting: Sitting`, cancelled or postponed; `follower` is the sitting that replaces it, or None.
sitting_replaced = Signal()
