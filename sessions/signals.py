"""News that travel up, each sent inside the transaction of its act with `by: User`.

Later apps hear what became of a question that they put on an agenda: `consultations` takes the result of a vote.
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

# `sitting: Sitting`: it was opened by mistake and is to come again; `opened_at: datetime` is when.
sitting_opening_undone = Signal()

# `sitting: Sitting`, called off or put off; `follower` is the sitting that takes its place, or None.
sitting_replaced = Signal()
