"""Signal to the hub of this process that a text changed outside it; the poll of open texts covers the rest."""

from collections.abc import Callable

from django.db import transaction

_listeners: list[Callable[[int], None]] = []


def add_listener(listener: Callable[[int], None]) -> None:
    """Register the hub of this process; it must only record the text and return, from any thread."""
    _listeners.append(listener)


def remove_listener(listener: Callable[[int], None]) -> None:
    if listener in _listeners:
        _listeners.remove(listener)


def notify_on_commit(text_id: int) -> None:
    """Have the hub read the text again once the transaction has committed."""
    transaction.on_commit(lambda: notify_now(text_id))


def notify_now(text_id: int) -> None:
    """Have the hub read the text again at once."""
    for listener in tuple(_listeners):
        try:
            listener(text_id)
        except RuntimeError:  # The event loop of the listener has ended.
            remove_listener(listener)
