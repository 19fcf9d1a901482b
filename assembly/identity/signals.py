"""Signals of people and accounts for the apps above."""

from django.dispatch import Signal

# Something that gave `person: Person` access has ended: a role, a mandate, a seat, a pause of one of them, the
# account, the person's own data. Sent inside the transaction of the act with `by: User`, after everything that ends
# has ended: a receiver checks again what the person may still do, and revokes the rest. `sessions` does so for
# sittings.
standing_ended = Signal()
