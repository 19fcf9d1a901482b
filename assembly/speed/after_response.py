"""Work that runs after a response has been sent, so that its duration reveals nothing to the client."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase


class Deferred:
    """Callable that runs after the last byte of a response, or on `close()` if it is never sent (test client)."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act

    def __call__(self) -> None:
        self.act()


def run_after_response(response: HttpResponseBase, act: Callable[[], object]) -> None:
    """Schedule `act` to run after this response has been sent, in a thread that holds no database connection."""
    closers(response).append(Deferred(act))


def take_deferred(response: HttpResponseBase) -> list[Deferred]:
    """Remove and return the deferred calls of a response that is about to be closed before it is sent."""
    deferred = [closer for closer in closers(response) if isinstance(closer, Deferred)]
    for act in deferred:
        closers(response).remove(act)
    return deferred


def closers(response: HttpResponseBase) -> list[Callable[[], object]]:
    """Return the list of callables that Django runs when it closes a response.

    Django's own handlers and the file responses use the same list.
    """
    untyped: Any = response  # the stubs lack the attribute
    listed: list[Callable[[], object]] = untyped._resource_closers  # noqa: SLF001 -- see above
    return listed
