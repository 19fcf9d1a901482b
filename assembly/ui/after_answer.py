"""What a request leaves to be done once its answer has been sent: how long it takes tells nothing to whoever asked."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase


class Deferred:
    """An act that waits for the last byte. A response that no server sends (the test client) runs it when closed."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act

    def __call__(self) -> None:
        self.act()


def run_after_answer(response: HttpResponseBase, act: Callable[[], object]) -> None:
    """Run `act` once this answer has been sent, in a thread that holds no connection of the database."""
    closers(response).append(Deferred(act))


def take_deferred(response: HttpResponseBase) -> list[Deferred]:
    """Take the deferred acts off a response that is about to be closed before it is sent."""
    deferred = [closer for closer in closers(response) if isinstance(closer, Deferred)]
    for act in deferred:
        closers(response).remove(act)
    return deferred


def closers(response: HttpResponseBase) -> list[Callable[[], object]]:
    """Return what Django runs when it closes a response: its own handlers and file answers use the same list."""
    untyped: Any = response  # the stubs do not know the attribute
    listed: list[Callable[[], object]] = untyped._resource_closers  # noqa: SLF001 -- see above
    return listed
