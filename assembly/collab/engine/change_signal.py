"""Tells the process's own hub that a text changed outside it; the poll of open texts is the net for all the rest."""

from collections.abc import Callable

from django.db import transaction

_listeners: list[Callable[[int], None]] = []


def listen(listener: Callable[[int], None]) -> None:
    """The hub of this process; it must only note the text and return, from whatever thread."""
    _listeners.append(listener)


def forget(listener: Callable[[int], None]) -> None:
    if listener in _listeners:
        _listeners.remove(listener)


def on_commit(text_id: int) -> None:
    """Once the transaction has committed, have the text read again by whoever shows it here."""
    transaction.on_commit(lambda: now(text_id))


def now(text_id: int) -> None:
    """Have the text read again at once."""
    for listener in tuple(_listeners):
        try:
            listener(text_id)
        except RuntimeError:  # its loop has ended
            forget(listener)
