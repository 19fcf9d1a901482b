"""Signals for higher apps, each sent inside the transaction of its action with `by: User`."""

from django.dispatch import Signal

# `draw: Draw`, an internal one; `people: list[Person]` in the order of their places: their names are public now.
people_named = Signal()
