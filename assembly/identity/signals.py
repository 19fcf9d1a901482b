"""News that travel up from people and accounts."""

from django.dispatch import Signal

# Something that let `person: Person` in has ended: a role, a mandate, a seat, a pause of one of them, the account, the
# person's own data. Sent inside the transaction of the act with `by: User`, once everything that ends has ended: who
# hears it asks again what the person may still do, and takes back what no longer holds. `sessions` does for sittings.
standing_ended = Signal()
